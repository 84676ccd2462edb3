import ArgumentParser
import Foundation
import RalphPRDTrials

/// Long trials of the PRD's reader, for a release build: `make fuzz`, `make test-prd`, `make bench`.
struct PRDTrials: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prd-trials",
        abstract: "Long trials of the PRD's reader.",
        subcommands: [Fuzz.self, Grow.self, Compare.self, Measure.self]
    )

    struct Fuzz: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read random documents; a seed gives the same ones."
        )

        @Option(help: "How many.") var inputs = 5_000_000
        @Option(help: "The seed of the first.") var seed: UInt64 = 1
        @Option(help: "End after so many seconds, whatever was read.") var seconds = 3600.0

        func run() throws {
            var run = FuzzRun(seed: seed)
            let begin = Date()
            while run.result.inputs < inputs, Date().timeIntervalSince(begin) < seconds {
                guard run.step() else { break }
                if run.result.inputs % 500_000 == 0 { report(run.result, since: begin) }
            }
            report(run.result, since: begin)
            guard let problem = run.result.problem else { return }
            say("input \(problem.number) of seed \(seed): \(problem.words)")
            say(String(decoding: problem.input, as: UTF8.self).debugDescription)
            throw ExitCode(1)
        }

        private func report(_ result: FuzzRun.Result, since begin: Date) {
            let seconds = Date().timeIntervalSince(begin)
            let line =
                "\(result.inputs) inputs, \(result.bytes >> 20) MiB, \(result.read) read, \(result.items) items, "
                + String(format: "%.0f s, slowest %.1f ms", seconds, result.slowest * 1000)
            say(line)
        }
    }

    struct Grow: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Hostile documents of doubled size.")

        @Option(help: "Bytes of the smaller one.") var size = 512 << 10
        @Option(help: "How many times longer the double may take.") var limit = 3.0
        @Option(help: "Only those whose name has this in it.") var only: String?

        func run() throws {
            var isBad = false
            for growth in Growth.all where only.map(growth.name.contains) ?? true {
                let (factor, seconds) = growth.factor(size: size)
                isBad = isBad || factor > limit
                say(
                    String(format: "%5.2f  %7.3f s  ", factor, seconds) + growth.name
                        + (factor > limit ? "  TOO MUCH" : "")
                )
            }
            if isBad { throw ExitCode(1) }
        }
    }

    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare with cmark-gfm: files, directories of Markdown, specifications."
        )

        @Argument(help: "Markdown files, directories, `spec.txt` and `commonmark.json`.") var paths: [String]

        func run() throws {
            guard let tool = ReferenceTool() else {
                say("nothing was compared: cmark-gfm is not installed; apt-get install cmark-gfm")
                throw ExitCode(1)
            }
            var isBad = false
            for path in paths {
                let run = try ComparisonRun(path, with: tool)
                for problem in run.problems { say("\(path): \(problem)") }
                isBad = isBad || !run.problems.isEmpty
                say("\(path): \(run.words)")
            }
            if isBad { throw ExitCode(1) }
        }
    }

    struct Measure: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reading and reconciling a large PRD.")

        @Option(help: "Items of the document.") var items = 100_000
        @Option(help: "How often each is measured; the least counts.") var rounds = 9
        @Flag(help: "Only the reading.") var readingOnly = false

        func run() throws {
            let document = Figures.document(items: items)
            let reading = try Figures.reading(document, rounds: rounds)
            say(
                String(
                    format: "%d items, %.1f MB: cmark-gfm alone %.1f ms, PRD.parse %.1f ms, factor %.2f",
                    items,
                    Double(reading.bytes) / 1e6,
                    reading.alone * 1e3,
                    reading.parse * 1e3,
                    reading.factor
                )
            )
            if readingOnly { return }
            for (edit, seconds) in try Figures.reconciling(document) {
                say(String(format: "reconcile, %@: %.1f ms", edit, seconds * 1e3))
            }
        }
    }
}

/// At once, also into a file.
private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
