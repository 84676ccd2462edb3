/// The SQL of one table, put together once.
struct RowShape: Sendable {
    let table: String
    /// `SELECT <all columns> FROM <table>`, to be continued.
    let selection: String
    /// Places for all columns but the first, the key, which SQLite gives.
    let insertion: String
    /// Places for all columns but the first, and then for the first.
    let update: String
    /// Places for all columns.
    let upsert: String

    /// The first column is the key.
    init(table: String, columns: [String]) {
        let (key, others) = (columns[0], columns.dropFirst())
        func places(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
        let all = columns.joined(separator: ", ")
        self.table = table
        selection = "SELECT \(all) FROM \(table)"
        insertion =
            "INSERT INTO \(table) (\(others.joined(separator: ", "))) VALUES (\(places(others.count)))"
        update = "UPDATE \(table) SET \(others.map { "\($0) = ?" }.joined(separator: ", ")) WHERE \(key) = ?"
        upsert = """
            INSERT INTO \(table) (\(all)) VALUES (\(places(columns.count))) ON CONFLICT (\(key)) DO UPDATE SET
            \(others.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
    }
}
