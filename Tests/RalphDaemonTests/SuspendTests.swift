import Foundation
import Glibc
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// A machine that sleeps for six hours, as a program in it sees that: the clocks that count sleep go on by six hours, the one
/// that does not stands still.
private enum Suspension {
    static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/opt/swift/usr/bin/clang"].first {
        (path: String) in
        access(path, X_OK) == 0
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static long slept(void) { const char *f = getenv("RALPH_SUSPENDED"); return f && access(f, F_OK) == 0 ? 21600 : 0; }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            int result = (int)syscall(SYS_clock_gettime, clock, now);
            int counts = clock == CLOCK_BOOTTIME || clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
            if (result == 0 && counts) now->tv_sec += slept();
            return result;
        }
        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            now->tv_sec = exact.tv_sec;
            now->tv_usec = exact.tv_nsec / 1000;
            return 0;
        }
        time_t time(time_t *to) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            if (to) *to = exact.tv_sec;
            return exact.tv_sec;
        }
        """

    /// The library that does it, from when the file is there.
    static func library(in project: Project) throws -> [String: String] {
        let code = try project.place.write(source, to: "suspend.c")
        let library = project.place.path.appending("suspend.so")
        let build = try DaemonProcess(
            #require(compiler),
            ["-shared", "-fPIC", "-o", library.string, code.string],
            environment: project.environment,
            directory: project.place.path,
            logs: project.place.path.appending("logs")
        ).wait()
        try #require(build.status == 0, "\(build.errors)")
        return [
            "LD_PRELOAD": library.string, "RALPH_SUSPENDED": project.place.path.appending("suspended").string,
        ]
    }
}

@Suite("a laptop that sleeps", .timeLimit(.minutes(5)), .enabled(if: Suspension.compiler != nil))
struct SuspendTests {
    @Test("trap 50: six hours of sleep in the middle of an iteration: no deadline fires")
    func deadlines() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  run touch {place}/on
                  wait-for {place}/suspended
                  say Awake again.
                  write a.txt
                    | a
                """,
            checks: """
                ["test $RALPH_STAGE != checks || { rm {place}/suspended; touch {place}/checking; while ! [ -e {place}/suspended ]; do sleep 0.01; done; echo awake; }"]
                """,
            settings: "timeout: 1h\nidle-timeout: 10m"
        )
        let daemon = try project.start([], more: Suspension.library(in: project))
        try wait(for: "the agent") { project.place.exists("on") }
        let started = try #require(project.history().openIterations().first).startedAt
        try project.place.write("", to: "suspended")
        // Once more while the checks run.
        try wait(for: "the checks") { project.place.exists("checking") }
        try project.place.write("", to: "suspended")
        #expect(daemon.wait().status == 0)
        #expect(try project.outcomes() == ["a landed"])
        let row = try #require(project.iterations(of: "a").first)
        #expect(row.startedAt == started)
        #expect(try #require(row.endedAt).timeIntervalSince(started) > 21_000, "it did not sleep")
    }
}
