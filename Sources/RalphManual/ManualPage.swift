/// A page of the manual in the language of man(7), written from a program's own help.
package struct ManualPage {
    private let root: HelpDump.Command
    private let version: String
    /// Sections behind the commands, in man(7): what the help does not say.
    private let sections: String

    package init(_ dump: HelpDump, version: String, sections: String) {
        root = dump.command
        self.version = version
        self.sections = sections
    }

    package var text: String {
        let name = root.commandName
        var lines = [
            ".\\\" Written from the help of \(name); change that instead.",
            ".TH \(name.uppercased()) 1 \"\" \"ralphd \(version)\" \"User Commands\"",
            ".SH NAME",
            "\(name) \\- \(Roff.inline(headline))",
            ".SH SYNOPSIS",
        ]
        lines += commands.isEmpty ? synopsis(of: root, words: [name]) : [".B \(name)", "COMMAND [options]"]
        lines += [".SH DESCRIPTION"] + Roff.paragraphs(root.discussion ?? "")
        lines += options(of: root, title: ".SH OPTIONS")
        // Where there are commands, what is common to them is told behind them, once.
        if commands.isEmpty {
            lines += (root.arguments ?? []).filter { $0.shouldDisplay && $0.isCommon }.flatMap(entry)
        }
        if !commands.isEmpty {
            lines.append(".SH COMMANDS")
            for command in commands { lines += section(command, words: [name]) }
            lines += [".SH GLOBAL OPTIONS", "Known to every command."] + globals.flatMap(entry)
        }
        return (lines + [sections]).joined(separator: "\n")
    }

    private var commands: [HelpDump.Command] { shown(root) }

    /// One line, small at its beginning and without a full stop, as whatis(1) prints it.
    private var headline: String {
        let text = root.abstract ?? ""
        return text.prefix(1).lowercased()
            + (text.hasSuffix(".") ? text.dropFirst().dropLast() : text.dropFirst())
    }

    private func shown(_ command: HelpDump.Command) -> [HelpDump.Command] {
        (command.subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
    }

    /// A command, or the commands that it holds.
    private func section(_ command: HelpDump.Command, words: [String]) -> [String] {
        let words = words + [command.commandName]
        let inner = shown(command)
        guard inner.isEmpty else { return inner.flatMap { section($0, words: words) } }
        return [".SS \(Roff.quoted(words.joined(separator: " ")))"]
            + synopsis(of: command, words: words)
            + [".PP"] + Roff.paragraphs(command.abstract ?? "")
            + (command.discussion.map { [".PP"] + Roff.paragraphs($0) } ?? [])
            + options(of: command, title: nil)
    }

    private func synopsis(of command: HelpDump.Command, words: [String]) -> [String] {
        let usage = own(command).map { Roff.inline($0.usage) }.joined(separator: " ")
        return [".B \(Roff.inline(words.joined(separator: " ")))"] + (usage.isEmpty ? [] : [usage])
    }

    private func own(_ command: HelpDump.Command) -> [HelpDump.Argument] {
        (command.arguments ?? []).filter { $0.shouldDisplay && !$0.isGlobal && !$0.isCommon }
    }

    private var globals: [HelpDump.Argument] {
        var first = commands.first
        while let command = first, let inner = shown(command).first { first = inner }
        return (first?.arguments ?? []).filter { $0.shouldDisplay && ($0.isGlobal || $0.isCommon) }
    }

    private func options(of command: HelpDump.Command, title: String?) -> [String] {
        let entries = own(command).flatMap(entry)
        return entries.isEmpty ? [] : [title].compactMap { $0 } + entries
    }

    private func entry(_ argument: HelpDump.Argument) -> [String] {
        let preset = argument.defaultValue.map { " (default: \($0))" } ?? ""
        return [
            ".TP", ".B \(Roff.inline(argument.synopsis))", Roff.inline((argument.abstract ?? "") + preset),
        ]
    }
}
