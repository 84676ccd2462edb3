import RalphDaemon

await DaemonCommand.main()
