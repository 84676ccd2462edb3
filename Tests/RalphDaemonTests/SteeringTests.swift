import Foundation
import RalphCore
import RalphTestSupport
import Testing

/// What a person asks of a running daemon that would change nothing.
@Suite("orders that cannot be followed", .timeLimit(.minutes(5)))
struct SteeringTests {
    @Test("skip and retry refuse what does not run, say why and what to do, and change nothing")
    func refusals() throws {
        let project = try Project(
            "- [x] Old {#old}\n- [ ] One {#a}\n- [ ] Choose {#m manual}\n- [ ] Some day {#l later}\n- [ ] Wrong {#w agnet=x}"
        )
        let daemon = try project.start(untilDone: false)
        try wait(for: "the work to be done") { try project.boxes() == [true, true, false, false, false] }
        func refused(_ arguments: String..., because words: String) throws {
            let ending = try project.ctl(arguments[0], arguments[1])
            #expect(ending.status == 1, "\(arguments)")
            #expect(ending.errors.contains(words), "\(arguments): \(ending.errors)")
            #expect(ending.output.isEmpty)
        }
        try refused("skip", "a", because: "a is done already")
        try refused("skip", "m", because: "m is manual and does not run")
        try refused("skip", "l", because: "l is for later and does not run")
        try refused("retry", "m", because: "ralphctl accept")
        try refused("retry", "l", because: "later=no")
        try refused("retry", "w", because: "unknown attribute `agnet`")
        #expect(try project.ctl("skip", "w").status == 0)
        try refused("skip", "w", because: "w is skipped already")
        #expect(try project.item("m").state == .manual)
        #expect(try project.item("l").state == .later)
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }
}
