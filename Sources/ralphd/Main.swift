import ArgumentParser
import RalphCore
import RalphDaemon

@main
struct Main {
    static func main() async {
        StandardError.fillStandardDescriptors()
        quietRuntime()
        await DaemonCommand.main()
    }
}
