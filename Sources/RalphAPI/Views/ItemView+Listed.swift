internal import RalphCore

extension ItemView: ListedView {
    package func write(to writer: inout JSONWriter) {
        writer.begin(UInt8(ascii: "{"))
        writer.key("commit")
        writer.value(commit)
        writer.key("id")
        writer.value(id.rawValue)
        writer.key("iterations")
        writer.value(iterations)
        writer.key("key")
        writer.value(key)
        writer.key("line")
        writer.value(line)
        writer.key("max_strikes")
        writer.value(maxStrikes)
        writer.key("reason")
        writer.value(reason)
        writer.key("section")
        writer.list { list in
            for heading in section {
                list.entry()
                list.value(heading)
            }
        }
        writer.key("state")
        writer.value(state.rawValue)
        writer.key("strikes")
        writer.value(strikes)
        writer.key("title")
        writer.value(title)
        writer.end(UInt8(ascii: "}"))
    }

    package init(from reader: inout JSONPieceReader) throws {
        self.init(id: ItemID(0), key: "", title: "", line: 0, state: .open, maxStrikes: 0)
        try reader.object { name, value in
            switch name {
            case "commit": commit = try value.optionalString()
            case "id": id = ItemID(try value.integer())
            case "iterations": iterations = try value.integer()
            case "key": key = try value.string()
            case "line": line = try value.integer()
            case "max_strikes": maxStrikes = try value.integer()
            case "reason": reason = try value.optionalString()
            case "section": try value.list { section.append(try $0.string()) }
            case "state":
                let word = try value.string()
                guard let known = ItemState(rawValue: word) else { throw value.mismatch }
                state = known
            case "strikes": strikes = try value.integer()
            case "title": title = try value.string()
            default: try value.skip()
            }
        }
    }
}
