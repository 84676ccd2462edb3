import RalphAPI
import RalphCore
import Testing

@testable import RalphCommands

@Suite("the live screen's picture")
struct WatchPictureTests {
    @Test(
        "however low the screen is, it says what needs you and how to leave",
        arguments: [6, 7, 8, 10, 14, 24]
    )
    func low(height: Int) {
        var picture = WatchPicture(items: [])
        picture.status = StatusFixture.sleeping
        let lines = picture.lines(width: 80, height: height, time: Moment.local(), style: .plain80)
        #expect(lines.count <= height)
        #expect(lines.first?.string.hasPrefix("tally   waiting") == true)
        #expect(lines.last?.string == "q quits")
        #expect(lines.contains { $0.string == "needs you (1)" })
        #expect(lines.contains { $0.string.contains("ralphctl answer 12") })
    }

    @Test("trouble with the daemon is told on a low screen too", arguments: [1, 2, 3, 6])
    func trouble(height: Int) {
        var picture = WatchPicture(items: [])
        picture.status = StatusFixture.busy
        picture.trouble = "the daemon has stopped"
        let lines = picture.lines(width: 80, height: height, time: Moment.local(), style: .plain80)
        #expect(lines.count <= height)
        #expect(lines.last?.string == "q quits")
        #expect(height < 3 || lines.contains { $0.string == "the daemon has stopped" })
    }
}
