internal import GRDB
internal import RalphCore

extension Deed {
    /// What of an item is worth an event; moves within the PRD are not.
    fileprivate struct ItemFace: Equatable {
        var state: String
        var reason: String?
        var strikes: Int
        var title: String
        var commit: String?
        var waitUntil: Int64?
    }

    mutating func save(items: [ItemRecord]) throws {
        var changed: [ItemRecord] = []
        for item in items {
            let before = try face(of: item.id)
            try assertFound(item.update(db), "item \(item.id)")
            if before != ItemFace(item) { changed.append(item) }
        }
        guard changed.count <= Self.eventsPerItemLimit else {
            return try tell(.itemsChanged, ["count": String(changed.count)])
        }
        for item in changed {
            try tell(
                .itemChanged,
                item: item.id,
                ["key": item.item.key, "state": item.state.rawValue, "reason": item.reason]
            )
        }
    }

    /// No event: nobody watches for a line that moved.
    func place(items: some Sequence<ItemRecord>) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE item SET line = ?, box_offset = ?, criteria = ?, position = ? WHERE id = ?"
        )
        for record in items {
            var row = RowWriter()
            record.item.writePlace(to: &row)
            row.add(record.position)
            row.add(record.id)
            try statement.execute(arguments: StatementArguments(row.values))
            try assertFound(db.changesCount == 1, "item \(record.id)")
        }
    }

    mutating func insert(items: [ItemRecord]) throws -> [ItemRecord] {
        var inserted = items
        for index in inserted.indices { inserted[index].id = ItemID(try inserted[index].insertNew(db)) }
        guard inserted.count <= Self.eventsPerItemLimit else {
            try tell(.itemsChanged, ["count": String(inserted.count)])
            return inserted
        }
        for item in inserted {
            try tell(.itemAdded, item: item.id, ["key": item.item.key, "state": item.state.rawValue])
        }
        return inserted
    }

    private func face(of id: ItemID) throws -> ItemFace? {
        let sql = "SELECT state, reason, strikes, title, landed_commit, wait_until FROM item WHERE id = ?"
        // A cursor's row is not copied, which is felt with 100,000 items.
        let cursor = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [id.rawValue])
        return try cursor.next().map {
            ItemFace(
                state: $0[0],
                reason: $0[1],
                strikes: $0[2],
                title: $0[3],
                commit: $0[4],
                waitUntil: $0[5]
            )
        }
    }
}

extension Deed.ItemFace {
    fileprivate init(_ item: ItemRecord) {
        self.init(
            state: item.state.rawValue,
            reason: item.reason,
            strikes: item.strikes,
            title: item.item.title,
            commit: item.commit?.rawValue,
            waitUntil: item.waitUntil?.milliseconds
        )
    }
}
