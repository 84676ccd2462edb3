import Foundation
import RalphAPI
import RalphCore
import Testing

@Suite("References")
struct ReferenceTests {
    @Test("an item is named by number, key, line or words")
    func items() {
        #expect(ItemReference(" 12 ") == .number(ItemID(12)))
        #expect(ItemReference("#login") == .key("login"))
        #expect(ItemReference("L38") == .line(38))
        #expect(ItemReference("l38") == .line(38))
        #expect(ItemReference("login") == .words("login"))
        #expect(ItemReference("Lint") == .words("Lint"))
        #expect(ItemReference("#") == .words("#"))
        #expect(ItemReference(" \n") == nil)
    }

    @Test("an iteration is named by number, by item and ordinal, by UUID, or as an item's latest")
    func iterations() {
        #expect(IterationReference("i17") == .number(IterationID(17)))
        #expect(IterationReference("login/2") == .ordinal(.words("login"), 2))
        #expect(IterationReference("L38/1") == .ordinal(.line(38), 1))
        #expect(IterationReference("a/b") == .latest(.words("a/b")))
        #expect(IterationReference("login") == .latest(.words("login")))
        let uuid = "5f0c1d6e-3c1b-4c55-9d0c-8a4e6c6b0f11"
        #expect(IterationReference(uuid) == .uuid(uuid))
        #expect(IterationReference("") == nil)
    }

    @Test(
        "what was written is read back",
        arguments: ["12", "#login", "L38", "the week", "i17", "login/2", "#a/3"]
    )
    func descriptions(text: String) {
        #expect(IterationReference(text)?.description == text)
    }

    private func record(_ id: Int64, _ key: String, _ title: String, _ state: ItemState = .open) -> ItemRecord
    {
        let item = Item(key: key, title: title, line: Int(id) * 10)
        var record = ItemRecord(id: ItemID(id), item: item, position: Int(id), createdAt: .fixed)
        record.state = state
        return record
    }

    @Test("a key goes before a title, a whole title before a part, and the PRD before what left it")
    func resolution() throws {
        let records = [
            record(1, "stop", "`tally stop` ends the entry"), record(2, "note", "Say stop"),
            record(3, "week", "The week"), record(4, "week-2", "The week at a glance"),
            record(5, "old", "An old one", .withdrawn), record(6, "older", "An old one"),
        ]
        func id(_ text: String) throws -> Int64 {
            try #require(ItemReference(text)).resolve(among: records).id.rawValue
        }
        #expect(try id("stop") == 1)
        #expect(try id("STOP") == 1)
        #expect(try id("the week") == 3)
        #expect(try id("glance") == 4)
        #expect(try id("L20") == 2)
        #expect(try id("an old") == 6)
        #expect(try id("#old") == 5)
        let several = #expect(throws: Failure.self) { try id("e") }
        #expect(several?.code == .ambiguous)
        let none = #expect(throws: Failure.self) { try id("nothing") }
        #expect(none?.code == .notFound)
    }
}
