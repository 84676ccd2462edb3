import Foundation
import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("How a checkout stands")
struct CheckoutStandTests {
    private func age(_ path: FilePath, by seconds: Int) {
        let time = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
        utimensat(AT_FDCWD, path.string, [time, time], 0)
    }

    @Test(
        "git may be half way while it holds the index or has just written it, unless that was a landing of ours"
    )
    func settling() throws {
        let repository = try TemporaryRepository()
        try repository.commit("Start", ["a.txt": "a\n"])
        let git = repository.path.appending(".git")
        age(git.appending("index"), by: 60)
        #expect(!CheckoutStand(git).isSettling(butFor: nil))
        try repository.directory.write("b\n", to: "a.txt")
        try repository.git("add", "a.txt")
        #expect(CheckoutStand(git).isSettling(butFor: nil))
        #expect(!CheckoutStand(git).isSettling(butFor: CheckoutStand(git).index))
        age(git.appending("index"), by: 60)
        try repository.directory.write("", to: ".git/index.lock")
        #expect(CheckoutStand(git).isSettling(butFor: CheckoutStand(git).index))
    }

    @Test("a checkout, a commit or a lock is seen as a change")
    func unchanged() throws {
        let repository = try TemporaryRepository()
        try repository.commit("Start", ["a.txt": "a\n"])
        let git = repository.path.appending(".git")
        let before = CheckoutStand(git)
        #expect(before.isUnchanged)
        try repository.git("switch", "--quiet", "-c", "other")
        #expect(!before.isUnchanged)
        let onOther = CheckoutStand(git)
        #expect(onOther.isUnchanged)
        try repository.commit("More", ["a.txt": "b\n"])
        #expect(!onOther.isUnchanged)
        let after = CheckoutStand(git)
        try repository.directory.write("", to: ".git/index.lock")
        #expect(!after.isUnchanged)
    }
}
