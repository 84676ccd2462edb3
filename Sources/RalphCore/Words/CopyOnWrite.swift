/// A large value behind one reference: a copy costs one count, and a change copies the value first where somebody else has it
/// too. Two that share their value are equal without a look at it.
@propertyWrapper
package struct CopyOnWrite<Value: Equatable & Sendable>: Equatable, Sendable {
    /// Changed only while one reference to it exists, which is what makes it sendable.
    private final class Storage: @unchecked Sendable {
        var value: Value

        init(_ value: Value) { self.value = value }
    }

    private var storage: Storage

    package init(wrappedValue: Value) { storage = Storage(wrappedValue) }

    package var wrappedValue: Value {
        get { storage.value }
        _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value
        }
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.storage === second.storage || first.storage.value == second.storage.value
    }
}
