import ArgumentParser
import RalphDaemon

@main
struct Main {
    static func main() async { await DaemonCommand.main() }
}
