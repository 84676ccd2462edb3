extension FailureScannerTests {
    /// Java, .NET, Ruby, PHP, mocha and unittest.
    static let suites = [
        DigestCase(
            "maven",
            [
                """
                dev.tally.StopTest.crossesMidnight
                   org.opentest4j.AssertionFailedError: expected: <1h 05m> but was: <25h 05m>
                   at dev.tally.StopTest.crossesMidnight(StopTest.java:41)
                """,
                """
                dev.tally.StopTest.nothingRunning
                   java.lang.IllegalStateException: cannot stop
                   at dev.tally.Store.stop(Store.java:90)
                   Caused by: java.lang.NullPointerException: Cannot invoke "dev.tally.Entry.start()" because "entry" is null
                   at dev.tally.Store.stop(Store.java:88)
                """,
                """
                sums(dev.tally.OldTest)
                   java.lang.AssertionError: expected:<2> but was:<3>
                   at dev.tally.OldTest.sums(OldTest.java:9)
                """,
            ]
        ),
        DigestCase(
            "maven-compile",
            [
                """
                /home/dev/tally/src/main/java/dev/tally/Store.java:[88,17] cannot find symbol
                   symbol: variable entryy
                   location: class dev.tally.Store
                """,
                "/home/dev/tally/src/main/java/dev/tally/Week.java:[12,9] ';' expected",
            ]
        ),
        DigestCase(
            "gradle",
            [
                """
                StopTest > crossesMidnight()
                   org.opentest4j.AssertionFailedError: expected: <1h 05m> but was: <25h 05m>
                   at app//dev.tally.StopTest.crossesMidnight(StopTest.java:41)
                """,
                "StopTest > with no entry > exits with 1\n   java.lang.NullPointerException at StopTest.java:22",
            ]
        ),
        DigestCase(
            "dotnet",
            [
                """
                Tally.Tests.StopTests.CrossesMidnight
                   Assert.Equal() Failure: Strings differ
                   Expected: "1h 05m"
                   Actual: "25h 05m"
                   at Tally.Tests.StopTests.CrossesMidnight() in /home/dev/tally/tests/StopTests.cs:line 41
                """,
                """
                Tally.Tests.StopTests.NothingRunning(code: 1)
                   System.NullReferenceException : Object reference not set to an instance of an object.
                   at Tally.Store.Stop() in /home/dev/tally/src/Store.cs:line 88
                """,
            ]
        ),
        DigestCase(
            "dotnet-build",
            [
                "/home/dev/tally/src/Store.cs(88,17): error CS0103: The name 'entryy' does not exist in the current context",
                "/home/dev/tally/src/Week.cs(12,9): error CS1002: ; expected",
            ]
        ),
        DigestCase(
            "unittest",
            [
                """
                test_nothing_running (tests.test_stop.StopTest.test_nothing_running)
                   tally.store.TallyError: nothing is running
                """,
                """
                test_crosses_midnight (tests.test_stop.StopTest.test_crosses_midnight) (hour=23)
                   AssertionError: '25h 05m' != '1h 05m'
                   - 25h 05m
                   + 1h 05m
                """,
                "test_old (__main__.OldTest)\n   AssertionError",
            ]
        ),
        DigestCase(
            "rspec",
            [
                """
                Stop crosses midnight
                   Failure/Error: expect(entry.duration).to eq("1h 05m")
                   expected: "1h 05m"
                   got: "25h 05m"
                   at ./spec/stop_spec.rb:41:in `block (2 levels) in <top (required)>'
                """,
                """
                Stop when nothing runs exits with 1
                   Failure/Error: raise Error, "nothing is running" if entry.nil?
                   Tally::Error:
                   nothing is running
                   at ./lib/tally/store.rb:88:in `stop'
                """,
            ]
        ),
        DigestCase(
            "phpunit",
            [
                """
                Tally\\StopTest::testNothingRunning
                   TypeError: Tally\\Store::stop(): Argument #1 ($entry) must be of type Entry, null given
                   at /home/dev/tally/src/Store.php:88
                   at /home/dev/tally/tests/StopTest.php:22
                """,
                """
                Tally\\StopTest::testCrossesMidnight
                   Failed asserting that two strings are identical.
                   -'1h 05m'
                   +'25h 05m'
                   at /home/dev/tally/tests/StopTest.php:41
                """,
                """
                Tally\\WeekTest::testSums with data set #0 (1, 2)
                   Failed asserting that 4 matches expected 3.
                   at /home/dev/tally/tests/WeekTest.php:12
                """,
            ]
        ),
        DigestCase(
            "mocha",
            [
                """
                stop crosses midnight:
                   AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
                   + '25h 05m'
                   - '1h 05m'
                   at Context.<anonymous> (test/stop.js:41:14)
                """,
                """
                stop when nothing runs exits with 1:
                   TypeError: Cannot read properties of undefined (reading 'start')
                   at Store.stop (lib/store.js:88:20)
                   at Context.<anonymous> (test/stop.js:22:11)
                """,
                """
                sums:
                   AssertionError: expected 3 to equal 2
                   -3
                   +2
                   at Context.<anonymous> (test/week.js:7:10)
                """,
            ]
        ),
    ]
}
