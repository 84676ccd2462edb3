import Foundation

import struct SystemPackage.FilePath

extension ActKind {
    /// What leaves files behind.
    static let files = [
        ActKind("write", "FILE", .word, "write the text below into FILE, with the directories above it") {
            try $0.write($2, to: $1)
        },
        ActKind("append", "FILE", .word, "add the text below to FILE") { stage, file, text in
            try stage.write((stage.read(file) ?? "") + text, to: file)
        },
        ActKind("delete", "FILE", .word, "remove FILE or a whole directory") { stage, file, _ in
            try FileManager.default.removeItem(atPath: file)
        },
        ActKind("link", "TARGET FILE", .word, "make FILE a symbolic link to TARGET") { stage, words, _ in
            let words = words.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2 else { return }
            let path = try stage.makeRoom(for: words[1])
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: words[0])
        },
        ActKind(
            "run",
            "COMMAND",
            .words,
            "run a shell command, show its output, go on whatever it exits with"
        ) {
            $0.run($1 + "\n" + $2)
        },
        ActKind("save-prompt", "FILE", .word, "write the prompt it was given into FILE") { stage, file, _ in
            try stage.write(stage.prompt.text, to: file)
        },
    ]

    /// What it says.
    static let words = [
        ActKind("say", "TEXT", .words, "say TEXT") { $0.voice.say($1.isEmpty ? $2 : $1) },
        ActKind("complain", "TEXT", .words, "say TEXT on standard error") {
            AgentVoice.complain($1.isEmpty ? $2 : $1)
        },
        ActKind("raw", "LINE", .words, "print LINE, and the lines below, just so") { stage, line, text in
            stage.voice.raw(line.isEmpty ? text : line + "\n" + text)
        },
        ActKind("replay", "FILE", .word, "print a file of captured output; nothing of its own follows") {
            stage,
            file,
            _ in
            let path = file.hasPrefix("/") ? file : stage.scriptDirectory.appending(file).string
            try stage.voice.replay(Data(contentsOf: URL(filePath: path)))
        },
        ActKind("final", "TEXT", .words, "end its turn with TEXT now; acts may follow") {
            $0.voice.final($1.isEmpty ? $2 : $1)
        },
        ActKind("error", "TEXT", .words, "end its turn with an error, and exit with 1") {
            $0.voice.error($1.isEmpty ? $2 : $1)
            exit(1)
        },
    ]

    /// Its word on the work, in `.ralphd/outbox/`.
    static let notes = [
        note("summary", "the work is done"),
        note("not-done", "a criterion is unmet"),
        note("already-done", "all of it held before"),
        note("question", "only the author can decide"),
        note("learned", "what the next one should know"),
        ActKind("expect", "TEXT", .words, "give up, with exit 97, unless the prompt contains TEXT") {
            stage,
            text,
            _ in
            guard !stage.prompt.text.contains(text) else { return }
            AgentVoice.complain("the prompt does not say: \(text)")
            exit(97)
        },
    ]

    private static func note(_ name: String, _ meaning: String) -> ActKind {
        ActKind(name, "TEXT", .words, "leave \(name).md: \(meaning)") { stage, words, text in
            let lines = [words, text].filter { !$0.isEmpty }.joined(separator: "\n")
            try stage.write(lines.hasSuffix("\n") ? lines : lines + "\n", to: ".ralphd/outbox/\(name).md")
        }
    }
}
