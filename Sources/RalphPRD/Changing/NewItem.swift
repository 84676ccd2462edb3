package import RalphCore

/// An item that somebody wants to have in the PRD without an editor: where it goes, and the line that says it.
package struct NewItem: Equatable, Sendable {
    /// As it would stand behind its box.
    package var text: String
    /// Title, path (`Plan > Output`) or id of a heading.
    package var section: String?
    /// Key of the item that it is put right below, and waits for.
    package var after: String?

    package init(_ text: String, section: String? = nil, after: String? = nil) {
        self.text = text
        self.section = section
        self.after = after
    }

    /// The document with the item in it, and the item as it is read from there.
    ///
    /// Without a place it goes below the last item that is to be run, so that it does not become a story's criterion or one of
    /// those for later.
    package func added(to bytes: [UInt8]) throws(Failure) -> (bytes: [UInt8], item: Item) {
        let line = PlainText.line(text)
        guard !line.isEmpty else {
            throw Failure(.usage, "an item needs a text: ralphctl add \"what is to be done\"")
        }
        let page = try Page(bytes)
        let change = try page.place(for: self, line: line)
        var new = bytes
        new.insert(contentsOf: change.bytes, at: change.offset)
        let item = try Self.only(change, in: new, than: page.document)
        return (new, item)
    }

    /// The one item more that the document has now. Whoever asks gets what was asked, or the file stays as it is.
    private static func only(_ change: Change, in new: [UInt8], than old: Document) throws(Failure) -> Item {
        guard let document = try? PRD.parse(new) else {
            throw Failure(.conflict, "the PRD could not be read with this item in it: write it there by hand")
        }
        let item = document.items.first { $0.line == change.line }
        guard let item, document.items.count == old.items.count + 1 else {
            throw Failure(
                .conflict,
                "there it would be part of something else: name another --section, or write it by hand"
            )
        }
        if let error = item.error { throw Failure(.usage, error) }
        return item
    }

    fileprivate struct Change {
        var offset: Int
        var bytes: [UInt8]
        /// Of the new box.
        var line: Int
    }
}

/// A document in which a place for an item is looked for.
private struct Page {
    let document: Document
    private let text: SourceText
    private let tree: BlockTree
    private let headings: [Heading]

    init(_ bytes: [UInt8]) throws(Failure) {
        do {
            document = try PRD.parse(bytes)
        } catch {
            let problem = error.problems.first
            throw Failure(
                .conflict,
                "the PRD cannot be used as it is, line \(problem?.line ?? 1): \(problem?.message ?? "unreadable")"
            )
        }
        let text = SourceText(bytes)
        let skipped = document.frontMatter.map { text.place(of: max($0.upperBound - 1, 0)).line } ?? 0
        let tree = MarkdownReader.read(text, skippingLines: skipped)
        headings = HeadingTable(tree, text).headings
        self.text = text
        self.tree = tree
    }

    func place(for new: NewItem, line: String) throws(Failure) -> NewItem.Change {
        if let key = new.after {
            guard let item = document.items.first(where: { $0.key == key }) else {
                throw Failure(.notFound, "no item #\(key) in the PRD")
            }
            guard item.boxOffset != nil else {
                throw Failure(.usage, "#\(key) is a story, whose boxes are its criteria: name a --section")
            }
            return below(item, item.isTicked ? line : Self.waiting(line, for: key))
        }
        if let name = new.section { return try inSection(name, line) }
        let last = document.items.last { $0.boxOffset != nil && $0.attributes.mode == .run }
        return last.map { below($0, line) } ?? behind(line: text.lineCount, line)
    }

    /// The line with `after=KEY` among its attributes.
    private static func waiting(_ line: String, for key: String) -> String {
        let probe = Array("- [ ] \(line)\n".utf8)
        let has = (try? PRD.parse(probe))?.items.first.map { $0.title != line } ?? false
        return has ? line.dropLast() + " after=\(key)}" : "\(line) {after=\(key)}"
    }

    /// As the next one of its list.
    private func below(_ item: Item, _ line: String) -> NewItem.Change {
        let block = tree.blocks.first { $0.startLine == item.line && $0.isTask }
        let start = text.start(ofLine: item.line)
        var lead = Array(text.bytes[start..<max((item.boxOffset ?? start) - 1, start)])
        if let digits = Self.nextNumber(in: lead) { lead = digits }
        return behind(line: block?.endLine ?? item.line, line, lead: lead)
    }

    /// `3. ` becomes `4. `.
    private static func nextNumber(in lead: [UInt8]) -> [UInt8]? {
        guard let first = lead.firstIndex(where: Byte.isDigit) else { return nil }
        let digits = lead[first...].prefix(while: Byte.isDigit)
        guard let number = Int(String(decoding: digits, as: UTF8.self)), number < 999_999_998 else {
            return nil
        }
        return lead[..<first] + Array("\(number + 1)".utf8) + lead[digits.endIndex...]
    }

    private func behind(line number: Int, _ line: String, lead: [UInt8] = Array("- ".utf8)) -> NewItem.Change
    {
        let newline: [UInt8] =
            text.bytes.contains(Byte.carriageReturn) ? [Byte.carriageReturn, Byte.newline] : [Byte.newline]
        let content = text.content(ofLine: number)
        let isLast = content.upperBound == text.bytes.count
        let box = lead + Array("[ ] \(line)".utf8)
        // A bare list right below prose would be fine, below a heading or HTML it is not.
        let gap = isListed(number) ? [] : newline
        var bytes = (isLast ? newline : []) + gap + box
        let offset = isLast ? text.bytes.count : text.lineStarts[number]
        bytes += newline
        if !gap.isEmpty, !isLast, !text.isBlank(line: number + 1) { bytes += newline }
        return NewItem.Change(offset: offset, bytes: bytes, line: number + 1 + (gap.isEmpty ? 0 : 1))
    }

    /// Whether a line is in a list.
    private func isListed(_ line: Int) -> Bool {
        tree.blocks.contains {
            ($0.type == .task || $0.type == .item) && $0.startLine <= line && line <= $0.endLine
        }
    }

    private func inSection(_ name: String, _ line: String) throws(Failure) -> NewItem.Change {
        let wanted = name.lowercased()
        let found = headings.indices.filter { index in
            let heading = headings[index]
            return [heading.text, heading.path.joined(separator: " > "), heading.id ?? ""].contains {
                $0.lowercased() == wanted
            }
        }
        guard let index = found.first else {
            let known = headings.filter { !$0.isItem }.prefix(8).map(\.text).joined(separator: ", ")
            throw Failure(
                .notFound,
                "no section \"\(name)\" in the PRD\(known.isEmpty ? "" : ": it has \(known)")"
            )
        }
        guard found.count == 1 else {
            let paths = found.map { headings[$0].path.joined(separator: " > ") }.joined(separator: "; ")
            throw Failure(
                .ambiguous,
                "several sections are named \"\(name)\": give the path of one, \(paths)"
            )
        }
        guard !headings[index].isItem else {
            throw Failure(
                .usage,
                "\"\(name)\" is a story, whose boxes are its criteria: name another section"
            )
        }
        let next = index + 1 < headings.count ? headings[index + 1].line : text.lineCount + 1
        let own = document.items.last {
            $0.boxOffset != nil && headings[index].line < $0.line && $0.line < next
        }
        if let own { return below(own, line) }
        var last = next - 1
        while last > headings[index].endLine, text.isBlank(line: last) { last -= 1 }
        return behind(line: last, line)
    }
}
