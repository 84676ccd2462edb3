import ArgumentParser
import RalphCore
import RalphDaemon

@main
struct Main {
    static func main() async {
        quietRuntime()
        await DaemonCommand.main()
    }
}
