#if DEBUG
    import Glibc
    import Synchronization

    /// What makes a debug build fail on purpose: `RALPHD_FAULT=POINT[:COUNT[:ACTION]]`.
    ///
    /// ACTION is `kill` (SIGKILL, the default), `stop` (SIGSTOP, for who wants to look or to attach) or `full` (a disk without
    /// room, once). COUNT says at which time that the point is reached; 1 if left out. Before it acts it appends the point's
    /// name to the file that `RALPHD_FAULT_LOG` names. `RALPHD_FAULT=list` prints all points and ends the program.
    final class FaultHook: Sendable {
        static let shared = FaultHook(named: "RALPHD_FAULT")

        private enum Action: String { case kill, stop, full }

        private let point: FaultPoint
        private let action: Action
        private let left: Mutex<Int>

        private init?(named variable: String) {
            guard let value = getenv(variable) else { return nil }
            let words = String(cString: value).split(separator: ":").map(String.init)
            if words == ["list"] {
                for point in FaultPoint.allCases { print(point.rawValue) }
                exit(0)
            }
            guard let point = words.first.flatMap(FaultPoint.init(rawValue:)),
                let count = words.count > 1 ? Int(words[1]) : 1,
                let action = words.count > 2 ? Action(rawValue: words[2]) : .kill
            else {
                Self.say("ralphd: \(variable) is not POINT[:COUNT[:kill|stop|full]]\n", to: 2)
                exit(Failure.Code.usage.exitCode)
            }
            self.point = point
            self.action = action
            left = Mutex(count)
        }

        func reached(_ now: FaultPoint) throws(Failure) {
            guard now == point,
                left.withLock({
                    $0 -= 1; return $0 == 0
                })
            else { return }
            note()
            switch action {
            case .kill: _ = kill(getpid(), SIGKILL)
            case .stop: _ = kill(getpid(), SIGSTOP)
            case .full: throw Failure(storage: .full, "no space left on device, as RALPHD_FAULT has it")
            }
        }

        private func note() {
            guard let file = getenv("RALPHD_FAULT_LOG") else { return }
            let descriptor = open(String(cString: file), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return }
            Self.say(point.rawValue + "\n", to: descriptor)
            close(descriptor)
        }

        private static func say(_ text: String, to descriptor: Int32) {
            _ = text.withCString { write(descriptor, $0, strlen($0)) }
        }
    }
#endif
