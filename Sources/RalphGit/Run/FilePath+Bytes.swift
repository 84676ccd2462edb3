internal import SystemPackage

extension FilePath {
    /// Appends a path of git's, which need not be UTF-8.
    func appending(bytes: some Sequence<UInt8>) -> FilePath {
        let path = bytes.map { CChar(bitPattern: $0) } + [0]
        return path.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { pushing(FilePath(platformString: $0)) } ?? self
        }
    }
}
