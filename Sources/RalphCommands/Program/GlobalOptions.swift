import ArgumentParser

/// Which instance is meant, and in which form it answers. The same for every command.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Project by name or repository; else $RALPH_PROJECT.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("State directory of the instance.", valueName: "dir"))
    var stateDir: String?

    @Option(help: ArgumentHelp("Socket of the daemon, or its address: http://HOST:PORT.", valueName: "path"))
    var socket: String?

    @Flag(help: "Answer in JSON.")
    var json = false
}
