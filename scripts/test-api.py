"""Starts a daemon with a scripted agent and puts its HTTP interface to the test (see scripts/test-api)."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BIN, SCHEMATHESIS = Path(sys.argv[1]).resolve(), sys.argv[2]
EXAMPLES = os.environ.get("RALPH_API_EXAMPLES", "60")
HOOKS = '''
import schemathesis

@schemathesis.hook
def before_call(context, case, kwargs):
    # What follows never ends by itself.
    if case.operation.path.endswith(("/events", "/log")):
        case.query = {**(case.query or {}), "follow": "false"} if "follow" not in (case.query or {}) or \
            str((case.query or {}).get("follow")).lower() == "true" else case.query
'''
passed, failed, skipped = [], [], []


def result(name, good, words=""):
    (passed if good else failed).append(name)
    print(f"{'ok' if good else 'FAILED'}: {name}{': ' + words if words else ''}", flush=True)


class Connection(http.client.HTTPConnection):
    """HTTP on the daemon's Unix socket."""

    def __init__(self, path, timeout=20):
        super().__init__("ralphd", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Project:
    def __init__(self, place):
        self.place, self.repository, self.state = place, place / "work", place / "state"
        self.socket = place / "s"
        self.repository.mkdir()
        script = place / "script"
        script.write_text("item *\n  sleep 0.2\n  write {item}.txt\n    | {title}\n")
        agent = [str(BIN / "scripted-agent"), "--script", str(script), "--output", "claude"]
        items = "".join(f"- [ ] Item {n} {{#i{n}}}\n" for n in range(200))
        (self.repository / "PRD.md").write_text(
            "---\nagent: scripted\n"
            f"agents: {{scripted: {{command: {json.dumps(agent)}, output: claude-stream-json}}}}\n"
            f"checks: ['true']\nattempts: 2\n---\n# Work\n{items}"
        )
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "Start"]):
            subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b", *command], cwd=self.repository, check=True)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(place), "LANG": "C.UTF-8"}

    def start(self):
        self.daemon = subprocess.Popen(
            [BIN / "ralphd", "--state-dir", self.state, "--socket", self.socket],
            cwd=self.repository, env=self.environment, stderr=open(self.place / "log", "a"),
        )
        for _ in range(600):
            try:
                if self.ask("GET", "/v1/status")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the daemon does not answer")

    def stop(self, number=signal.SIGTERM):
        self.daemon.send_signal(number)
        return self.daemon.wait(30)

    def ask(self, method, path, body=None):
        connection = Connection(self.socket)
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def status(self):
        return json.loads(self.ask("GET", "/v1/status")[1])


def forward(target):
    """A TCP port of the loopback that leads to the socket, for programs that know no Unix sockets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for end in (a, b):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve():
        while True:
            try:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                server.connect(str(target))
            except OSError:
                return
            for pair in ((client, server), (server, client)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def schemathesis(project):
    (project.place / "hooks.py").write_text(HOOKS)
    port = forward(project.socket)
    run = subprocess.run(
        [SCHEMATHESIS, "run", f"http://127.0.0.1:{port}/openapi.yaml", "--checks", "all", "--continue-on-failure",
         "--max-examples", EXAMPLES, "--request-timeout", "20", "--no-color", "--workers", "2",
         "--suppress-health-check", "all"],
        cwd=project.place, env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(project.place)},
        capture_output=True, text=True,
    )
    (project.place / "schemathesis.out").write_text(run.stdout + run.stderr)
    if run.returncode:
        print(run.stdout[-12000:], run.stderr[-2000:])
    result("schemathesis, all checks", run.returncode == 0)
    result("the daemon is the same as before", project.daemon.poll() is None and project.ask("GET", "/healthz")[0] == 200)


def metrics(project):
    if not shutil.which("promtool"):
        skipped.append("promtool")
        print("skipped: no promtool here (apt install prometheus)")
        return
    text = project.ask("GET", "/metrics")[1]
    run = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
    result("promtool check metrics", run.returncode == 0, (run.stdout + run.stderr).decode().strip())


def random_bytes(project):
    for _ in range(100):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
            one.settimeout(20)
            one.connect(str(project.socket))
            try:
                one.sendall(os.urandom(10_000))
                one.shutdown(socket.SHUT_WR)
                while one.recv(65536):
                    pass
            except OSError:
                pass
    result("a million random bytes", project.ask("GET", "/healthz")[0] == 200)


def events(project, last, count=None, seconds=30, slow=0.0):
    """The ids of events after one, until there are so many or the stream ends."""
    found, deadline = [], time.monotonic() + seconds
    connection = Connection(project.socket, timeout=seconds)
    connection.request("GET", "/v1/events", headers={"Last-Event-ID": str(last)})
    answer = connection.getresponse()
    try:
        while time.monotonic() < deadline and (count is None or len(found) < count):
            line = answer.readline()
            if not line:
                break
            if line.startswith(b"id: "):
                found.append(int(line[4:]))
                time.sleep(slow)
    except OSError:
        pass
    connection.close()
    return found


def resuming(project):
    first = events(project, 0, 20)
    kept = list(first)
    reader = threading.Thread(target=lambda: kept.extend(events(project, kept[-1])))
    reader.start()
    time.sleep(1)
    project.stop(signal.SIGKILL)
    reader.join()
    project.start()
    kept += events(project, kept[-1], 20)
    whole = events(project, 0, len(kept))
    result("events go on without a gap by Last-Event-ID, across a kill of the daemon", kept == whole and len(kept) >= 40)


def landed(project, seconds):
    """Landings a second."""
    before, start = project.status()["items"]["done"], time.monotonic()
    time.sleep(seconds)
    return (project.status()["items"]["done"] - before) / (time.monotonic() - start)


def crowd(project):
    alone = landed(project, 10)
    ctl = [BIN / "ralphctl", "log", "-f", "--state-dir", project.state]
    key = project.status()["running"] or project.status()["next"]
    followers = [
        subprocess.Popen([*ctl, key[0]["key"]], env=project.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(4)
    ]
    streams = [threading.Thread(target=events, args=(project, 0, None, 10, 0.05), daemon=True) for _ in range(10)]
    for stream in streams:
        stream.start()
    beside = landed(project, 10)
    for follower in followers:
        follower.kill()
        follower.wait()
    for stream in streams:
        stream.join()
    words = f"{alone:.1f} landings a second alone, {beside:.1f} beside 4 followers of a log and 10 slow event streams"
    result("many readers do not slow the loop", beside >= alone * 0.6, words)


with tempfile.TemporaryDirectory(prefix="ralph-api-") as name:
    project = Project(Path(name))
    project.start()
    try:
        for part in (metrics, crowd, resuming, random_bytes, schemathesis):
            part(project)
    finally:
        result("it stops in order", project.stop() == 0)
print(f"{len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped")
sys.exit(bool(failed))
