"""A repository with a PRD, agents of all kinds, and an author who has work of his own in the checkout."""

import hashlib
import os
import sqlite3
import subprocess
from pathlib import Path

CHECK = """#!/bin/sh
# Red as soon as any item's work is bad.
! grep -rqx BAD work
"""
# The user's own, below the checkout; nothing of it may change.
OWN = ["notes", "scratch", "cache"]


class Project:
    """Where everything of one run is, and what it looks like."""

    def __init__(self, place, programs, items, rng, repository=None, state=None):
        self.place = Path(place)
        self.programs = Path(programs).resolve()
        self.rng = rng
        self.repository = Path(repository or self.place / "repository")
        self.state = Path(state or self.place / "state")
        self.count = items
        self.kinds = {}
        # What the author has not written yet, an item each.
        self.unwritten = []
        for name in ["home", "run", "bin", "logs"]:
            (self.place / name).mkdir(parents=True)
        self.environment = {
            "PATH": f"{self.place}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.place / "home"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "XDG_RUNTIME_DIR": str(self.place / "run"),
            "GIT_CONFIG_NOSYSTEM": "1",
            # Such a swift runtime does not write a report of seconds for each crash.
            "SWIFT_BACKTRACE": "enable=no",
        }

    # Making it

    def make(self, checks='["sh check.sh"]', settings="", items=None):
        """The PRD begins with so many of its items; `write_items` adds the others."""
        script = []
        for index in range(self.count):
            key = f"i{index:03}"
            kind = KINDS[index % len(KINDS)]
            self.kinds[key] = kind
            lines = [f"- [ ] Item number {index} {{#{key}{kind.attributes}}}"]
            lines += [f"  - [ ] criterion {n}" for n in range(kind.criteria)]
            self.unwritten.append("\n".join(lines) + "\n")
            script.append(kind.script(key, self.rng))
        (self.place / "agent.script").write_text("\n".join(script))
        agent = [self.programs / "scripted-agent", "--script", self.place / "agent.script", "--output", "claude"]
        head = [
            "---",
            "agent: scripted",
            "agents: {scripted: {command: [%s], output: claude-stream-json}}" % ", ".join(map(str, agent)),
            f"checks: {checks}",
            *filter(None, [settings]),
            "---",
            "# Work",
        ]
        self.repository.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Author")
        self.git("config", "user.email", "author@example.org")
        self.write("PRD.md", "\n".join(head) + "\n")
        self.write_items(self.count if items is None else items)
        self.write("check.sh", CHECK)
        self.write("shared.txt", "start\n")
        self.write("work/none.txt", "good\n")
        self.write(".gitignore", "cache/\n")
        for index in range(self.count):
            self.write(f"old/i{index:03}.txt", "to be removed by its item\n")
        for name in ["edited", "staged", "deleted", "stashed", "both"]:
            self.write(f"notes/{name}.txt", f"{name} as committed\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Start")
        self.make_users_work()
        self.own = self.users_own()

    def make_users_work(self):
        """Uncommitted, staged, stashed, untracked, ignored, half staged, deleted, and intended to be added."""
        self.write("notes/stashed.txt", "put away\n")
        self.git("stash", "push", "-q", "-m", "mine")
        self.write("notes/edited.txt", "edited and not staged\n")
        self.write("notes/staged.txt", "staged\n")
        self.write("notes/both.txt", "staged first\n")
        self.write("notes/fresh.txt", "new and staged\n")
        self.git("add", "notes/staged.txt", "notes/both.txt", "notes/fresh.txt")
        self.write("notes/both.txt", "staged first, edited then\n")
        os.unlink(self.repository / "notes/deleted.txt")
        self.write("notes/intended.txt", "add -N\n")
        self.git("add", "-N", "notes/intended.txt")
        (self.repository / "scratch").mkdir()
        (self.repository / "scratch/untracked.bin").write_bytes(self.rng.randbytes(5000))
        self.write("cache/ignored.txt", "ignored\n")

    def write_items(self, count):
        """Makes the PRD one of at least so many items."""
        missing = max(0, count - (self.count - len(self.unwritten)))
        new, self.unwritten = self.unwritten[:missing], self.unwritten[missing:]
        with open(self.repository / "PRD.md", "a") as prd:
            prd.write("".join(new))

    def write(self, name, text):
        path = self.repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    # Looking at it

    def git(self, *arguments, check=True, directory=None, strip=True):
        done = subprocess.run(
            ["/usr/bin/git", "-C", str(directory or self.repository), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip() if strip else done.stdout

    def users_own(self):
        """All that must stay, byte for byte: files with mode and time, index entries, stash."""
        own = {}
        for top in OWN:
            for path in sorted((self.repository / top).rglob("*")):
                if path.is_file():
                    status = path.lstat()
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                    own[str(path.relative_to(self.repository))] = (status.st_mode, status.st_mtime_ns, digest)
        own["index"] = self.git("ls-files", "-s", *OWN)
        own["staged"] = self.git("diff", "--cached", "--raw", "--no-abbrev", "--", *OWN)
        own["unstaged"] = self.git("diff", "--", *OWN)
        own["stash"] = self.git("stash", "list", "--format=%H %gs")
        return own

    def history(self, query, *values):
        """Rows of a query; none before there is a history."""
        file = self.state / "history.sqlite"
        if not file.exists():
            return []
        try:
            database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
            try:
                return database.execute(query, values).fetchall()
            finally:
                database.close()
        except sqlite3.OperationalError:
            return []

    def landed(self):
        rows = self.history("SELECT count(*) FROM iteration WHERE outcome = 'landed'")
        return rows[0][0] if rows else 0

    def lands(self, key):
        return not self.kinds[key].is_hopeless

    def living(self):
        """Processes that carry the mark of this project: pid and command line."""
        try:
            mark = (self.state / "mark").read_bytes()
        except OSError:
            return []
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                if b"ralphd:" + mark + b"/" not in Path(f"/proc/{entry}/environ").read_bytes():
                    continue
                if Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX":
                    continue
                words = Path(f"/proc/{entry}/cmdline").read_bytes().replace(b"\0", b" ")
                found.append((int(entry), words.decode(errors="replace")))
            except OSError:
                continue
        return found


class Kind:
    """What the agent of an item does. Tries are those that the prompt tells of, so a killed one does not count."""

    def __init__(self, name, acts, attributes="", criteria=0, is_hopeless=False):
        self.name = name
        self.acts = acts
        self.attributes = attributes
        self.criteria = criteria
        self.is_hopeless = is_hopeless

    def script(self, key, rng):
        pause = f"sleep {rng.uniform(0.02, 0.15):.3f}"
        good = [
            f"  write work/{key}.txt",
            "    | good",
            f"  run grep -qx {key} shared.txt || echo {key} >> shared.txt",
            f"  run rm -f old/{key}.txt",
        ]
        lines = [f"item #{key}"]
        for act in self.acts:
            if act == "good":
                lines += good
            elif act == "pause":
                lines.append("  " + pause)
            else:
                lines.append(act.replace("KEY", key))
        return "\n".join(lines)


BAD = ["  write work/KEY.txt", "    | BAD"]
TREE = "  run mkdir -p deep/KEY/a/b && for n in 1 2 3 4 5 6 7 8; do echo $n > deep/KEY/a/b/$n; done; " + (
    "ln -sf ../a deep/KEY/link; cp check.sh deep/KEY/tool; chmod +x deep/KEY/tool"
)
KINDS = [
    Kind("plain", ["good", "pause"]),
    Kind("slow to begin", ["pause", "good"]),
    Kind("many files", [TREE, "pause", "good"]),
    Kind("red at first", ["try 1", *BAD, "pause", "try 2", "good"]),
    Kind("plain", ["pause", "good", "pause"], criteria=2),
    Kind("unfinished at first", ["try 1", "pause", "  not-done half of it", "try 2", "good"]),
    Kind("leaves a daemon", ["good", "  daemon 60", "pause"]),
    Kind("fails at first", ["try 1", "  say no", "pause", "  exit 3", "try 2", "good"]),
    Kind("plain", ["good", "pause"], criteria=1),
    Kind("hangs at first", ["try 1", "  hang", "try 2", "good"], attributes=" timeout=1s"),
    Kind("deaf", ["  ignore-term", "good", "  background exec sleep 60", "pause"]),
    Kind("changes nothing at first", ["try 1", "pause", "try 2", "good"]),
    Kind("plain", ["good"]),
    Kind("removes a directory", ["good", "  run mkdir -p deep/KEY; echo x > deep/KEY/x; rm -rf deep/i002", "pause"]),
    Kind("hopeless", ["pause", *BAD], is_hopeless=True),
]
