import RalphCore

import struct SystemPackage.Errno

/// Where the output of a tree goes: counted, logged, cut into lines, handed to the reader.
struct TreeOutput: ~Copyable {
    private static let errorTail = 16 << 10

    private let onLine: LineReader
    private var outputLines = LineSplitter()
    private var errorLines = LineSplitter()
    private var outputLog: BoundedLog?
    private var errorLog: BoundedLog?
    private let sharesLog: Bool
    private let mergesErrors: Bool
    private var tail = ByteTail(limit: errorTail)
    private var outputBytes = 0
    private var errorBytes = 0
    private var logFailure: String?
    private(set) var isFinalFrameSeen = false
    private(set) var isStopAsked = false
    /// Standard output's and standard error's; nil where nothing is to be hidden.
    private var redactors: (output: ByteRedactor, errors: ByteRedactor)?

    init(log: LogSink?, mergesErrors: Bool, secrets: [String] = [], onLine: @escaping LineReader) {
        self.onLine = onLine
        if !secrets.isEmpty { redactors = (ByteRedactor(secrets), ByteRedactor(secrets)) }
        self.mergesErrors = mergesErrors
        sharesLog = log?.errors == nil
        guard let log else { return }
        do throws(Failure) {
            outputLog = try BoundedLog(at: log.output, limit: log.limit)
            if let errors = log.errors { errorLog = try BoundedLog(at: errors, limit: log.limit) }
        } catch {
            logFailure = error.message
        }
    }

    mutating func take(_ chunk: ArraySlice<UInt8>, from stream: OutputStream) {
        guard redactors != nil else { return takeClean(chunk, from: stream) }
        var clean: [UInt8] = []
        switch stream {
        case .output: redactors?.output.feed(chunk) { clean += $0 }
        case .errors: redactors?.errors.feed(chunk) { clean += $0 }
        }
        takeClean(clean[...], from: stream)
    }

    private mutating func takeClean(_ chunk: ArraySlice<UInt8>, from stream: OutputStream) {
        guard !chunk.isEmpty else { return }
        record(chunk, from: stream)
        var isFinal = false
        var isStop = false
        let emit = { [onLine] (line: [UInt8], isCut: Bool) in
            switch onLine(stream, line, isCut) {
            case .go: break
            case .finalFrameSeen: isFinal = true
            case .stop: isStop = true
            }
        }
        switch stream {
        case .output:
            outputBytes += chunk.count
            if mergesErrors { tail.append(chunk) }
            outputLines.feed(chunk, emit: emit)
        case .errors:
            errorBytes += chunk.count
            tail.append(chunk)
            errorLines.feed(chunk, emit: emit)
        }
        if isFinal { isFinalFrameSeen = true }
        if isStop { isStopAsked = true }
    }

    /// A log that fails, be it for want of room, ends; the run goes on.
    private mutating func record(_ chunk: ArraySlice<UInt8>, from stream: OutputStream) {
        guard logFailure == nil else { return }
        do throws(Errno) {
            if stream == .errors && !sharesLog {
                try errorLog?.append(chunk)
            } else {
                try outputLog?.append(chunk)
            }
        } catch {
            logFailure = "the log could not be written to its end: \(error)"
        }
    }

    /// Hands out what came after the last newlines, and tells what it all came to.
    mutating func finish(into result: inout TreeResult) {
        var rest: (output: [UInt8], errors: [UInt8]) = ([], [])
        redactors?.output.finish { rest.output += $0 }
        redactors?.errors.finish { rest.errors += $0 }
        takeClean(rest.output[...], from: .output)
        takeClean(rest.errors[...], from: .errors)
        outputLines.finish { [onLine] in _ = onLine(.output, $0, $1) }
        errorLines.finish { [onLine] in _ = onLine(.errors, $0, $1) }
        result.outputBytes = outputBytes
        result.errorBytes = errorBytes
        result.cutLines = outputLines.cutLines + errorLines.cutLines
        result.errorTail = tail.bytes
        result.logFailure = logFailure
    }
}
