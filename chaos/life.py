"""One life of the daemon: started, and killed in one way or another."""

import os
import signal
import subprocess
import time


class Life:
    """A running daemon."""

    patience = 60.0

    def __init__(self, project, fault=None, arguments=(), prefix=()):
        self.project = project
        self.began = time.monotonic()
        self.fault_log = project.place / "fault"
        self.fault_log.unlink(missing_ok=True)
        self.log = project.place / "logs" / "ralphd.log"
        environment = dict(project.environment)
        if fault:
            environment |= {"RALPHD_FAULT": fault, "RALPHD_FAULT_LOG": str(self.fault_log)}
        with open(self.log, "ab") as log:
            log.write(f"--- {fault or ''}\n".encode())
            self.start = log.tell()
            self.process = subprocess.Popen(
                [*prefix, project.programs / "ralphd", "--state-dir", project.state, *arguments],
                env=environment,
                cwd=project.repository,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def age(self):
        return time.monotonic() - self.began

    def said(self):
        with open(self.log, "rb") as log:
            log.seek(self.start)
            return log.read().decode(errors="replace")

    def died_of(self):
        """The fault that struck, if it did."""
        try:
            return self.fault_log.read_text().strip() or None
        except OSError:
            return None

    def has_ended(self):
        return self.process.poll() is not None

    def wait(self, seconds):
        """True when it ended within this time."""
        try:
            self.process.wait(max(0.0, seconds))
            return True
        except subprocess.TimeoutExpired:
            return False

    def kill(self, number=signal.SIGKILL):
        """Its end, and how long that took."""
        began = time.monotonic()
        if not self.has_ended():
            os.kill(self.process.pid, number)
        if not self.wait(self.patience):
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise RuntimeError(f"ralphd did not end within {self.patience:.0f} s of signal {number}:\n{self.said()}")
        return time.monotonic() - began

    def ctl(self, *arguments):
        """Asks this daemon; False when it does not answer (yet, or any more)."""
        done = subprocess.run(
            [self.project.programs / "ralphctl", *arguments, "--state-dir", self.project.state],
            env=self.project.environment,
            cwd=self.project.repository,
            capture_output=True,
            text=True,
        )
        return done.returncode == 0


def fault_points(project):
    """All that the program knows, in their order. A release build knows none."""
    done = subprocess.run(
        [project.programs / "ralphd", "--state-dir", project.place / "nowhere"],
        env=project.environment | {"RALPHD_FAULT": "list"},
        cwd=project.repository,
        capture_output=True,
        text=True,
    )
    points = done.stdout.split()
    if done.returncode != 0 or not points:
        raise SystemExit("chaos: this ralphd has no fault points: build it with `swift build` (debug)")
    return points
