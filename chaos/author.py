"""An author at work on the PRD: edits of every kind, saved in every way, often from a buffer that is older than the file."""

import os
import re
import subprocess
import time
from collections import Counter, deque

BOX = re.compile(r"^(\s*- )\[([ xX])\] (\S+)", re.M)
WORDS = "anchor border copper dial ember flint garden harbor ivory jacket kettle ladder marble nickel".split()
# Saves that lie between a cut and its paste, at most.
LONGEST_CUT = 3


class Lost(Exception):
    """Something that the author wrote is not in the file."""


class Entry:
    """A line of the author's, with what is nested below it."""

    def __init__(self, token, title="", attributes="", is_item=True):
        self.token = token
        self.title = title
        self.attributes = attributes
        self.is_item = is_item
        self.nested = []

    def render(self, ticked):
        if not self.is_item:
            return [self.title]
        box = "x" if self.token in ticked else " "
        lines = [f"- [{box}] {self.title}{self.attributes}"]
        for kind, token in self.nested:
            inner = "x" if token in ticked else " "
            lines.append(f"  - [{inner}] {token} holds" if kind == "criterion" else f"  {token} is so")
        return lines

    @property
    def tokens(self):
        return [self.token, *(token for kind, token in self.nested if kind == "criterion")]


class Author:
    """Knows all that he wrote, but not what was ticked for him since he last looked."""

    def __init__(self, project, rng, items):
        self.project = project
        self.rng = rng
        self.prd = project.repository / "PRD.md"
        self.scratch = project.place / "buffer"
        self.head = []
        self.sections = [[], [], []]
        self.number = 0
        # Of earlier looks: which boxes were ticked.
        self.looks = deque([set()], maxlen=40)
        # Ticked by his own hand, once or more.
        self.by_hand = set()
        self.unticked = Counter()
        self.clipboard = None
        self.deleted = set()
        self.done = Counter()
        self.last = ""
        for _ in range(items):
            self.sections[self.number % 3].append(self.new_item())

    # What he has in mind

    @property
    def entries(self):
        return [entry for section in self.sections for entry in section]

    def items(self, ticked, is_ticked=False):
        return [e for e in self.entries if e.is_item and (e.token in ticked) == is_ticked]

    def token(self, letter):
        self.number += 1
        return f"{letter}{self.number:04}"

    def new_item(self):
        token = self.token("N")
        title = f"{token} {self.rng.choice(WORDS)} {self.rng.choice(WORDS)} {self.rng.choice(WORDS)}"
        entry = Entry(token, title, f" {{#{token.lower()}}}" if self.rng.random() < 0.5 else "")
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            entry.nested.append(("criterion", self.token("C")))
        return entry

    def render(self, ticked):
        lines = list(self.head)
        for number, section in enumerate(self.sections):
            lines += ["", f"## Part {number}", ""]
            for entry in section:
                lines += entry.render(ticked)
        return "\n".join(lines) + "\n"

    # Looking

    def look(self, patience=3.0):
        """The ticked boxes of the file, whose text has to be his own, byte for byte."""
        wanted = self.render(set())
        deadline = time.monotonic() + patience
        while True:
            try:
                text = self.prd.read_bytes().decode()
            except (OSError, UnicodeDecodeError):
                text = ""
            if BOX.sub(r"\1[ ] \3", text) == wanted:
                ticked = {token for _, box, token in BOX.findall(text) if box != " "}
                self.looks.append(ticked)
                return ticked
            # A git that lands has the file away for an instant.
            if time.monotonic() > deadline:
                raise Lost(difference(wanted, text))
            time.sleep(0.002)

    # One save

    def save(self):
        seen = ticked = self.look()
        is_stale = self.rng.random() < 0.35
        if is_stale:
            ticked = self.rng.choice(list(self.looks)) | (self.by_hand & ticked)
            # What a buffer ticks that is open in the file is ticked by him, whatever the words are now.
            self.by_hand |= ticked - seen
        name = self.rng.choices(list(EDITS), [weight for weight, _ in EDITS.values()])[0]
        if self.clipboard and (name == "cut" or self.clipboard[1] <= 0):
            name = "paste"
        elif not self.clipboard and name == "paste":
            name = "cut"
        if is_stale and name in ("tick", "untick"):
            name = "note"
        if self.clipboard:
            self.clipboard = (self.clipboard[0], self.clipboard[1] - 1)
        ticked = EDITS[name][1](self, set(ticked))
        if ticked is None:
            name, ticked = "note", self.note(self.looks[-1])
        style = self.rng.choice(list(STYLES))
        STYLES[style](self, self.render(ticked))
        self.done[f"edit: {name}"] += 1
        self.done[f"style: {style}"] += 1
        self.done["from a stale buffer"] += is_stale
        self.last = f"{name}, {style}, {'stale' if is_stale else 'fresh'}, ended at {time.time():.3f}"
        self.look()

    # Edits: each takes the boxes of the buffer and returns those to save, or None when there is nothing to do it to

    def put(self, entry):
        section = self.rng.choice(self.sections)
        section.insert(self.rng.randint(0, len(section)), entry)

    def take(self, entry):
        for section in self.sections:
            if entry in section:
                section.remove(entry)

    def note(self, ticked):
        token = self.token("R")
        self.put(Entry(token, f"<!-- remark {token} -->", is_item=False))
        return ticked

    def add(self, ticked):
        self.put(self.new_item())
        return ticked

    def reword(self, ticked):
        return self.change_open(ticked, lambda e: setattr(e, "title", f"{e.title[:50]} {self.rng.choice(WORDS)}"))

    def describe(self, ticked):
        kind = self.rng.choice(["criterion", "line"])
        return self.change_open(ticked, lambda e: self.nest(e, kind))

    def nest(self, entry, kind):
        # Prose comes before criteria, as behind them it would be theirs.
        at = len(entry.nested) if kind == "criterion" else 0
        entry.nested.insert(at, (kind, self.token("C" if kind == "criterion" else "D")))

    def change_open(self, ticked, change):
        entries = self.items(ticked)
        if not entries:
            return None
        change(self.rng.choice(entries))
        return ticked

    def attribute(self, ticked):
        entries = [e for e in self.items(ticked) if "priority" not in e.attributes]
        if not entries:
            return None
        entry = self.rng.choice(entries)
        entry.attributes = f" {{#{entry.token.lower()} priority=2}}" if entry.attributes else " {priority=2}"
        return ticked

    def move(self, ticked):
        entries = self.entries
        entry = self.rng.choice(entries)
        self.take(entry)
        self.put(entry)
        return ticked

    def cut(self, ticked):
        entries = [e for e in self.entries if e.is_item]
        if len(entries) < 5:
            return None
        entry = self.rng.choice(entries)
        self.take(entry)
        self.clipboard = (entry, self.rng.randint(0, LONGEST_CUT))
        return ticked

    def paste(self, ticked):
        entry, _ = self.clipboard
        self.put(entry)
        self.clipboard = None
        return ticked

    def delete(self, ticked):
        entries = self.items(ticked)
        if len(entries) < 5:
            return None
        entry = self.rng.choice(entries)
        self.take(entry)
        self.deleted.add(entry.token)
        return ticked

    def tick(self, ticked):
        entries = self.items(ticked)
        if not entries:
            return None
        entry = self.rng.choice(entries)
        self.by_hand.update(entry.tokens)
        return ticked | set(entry.tokens)

    def untick(self, ticked):
        entries = self.items(ticked, is_ticked=True)
        if not entries:
            return None
        entry = self.rng.choice(entries)
        self.unticked[entry.token] += 1
        return ticked - set(entry.tokens)

    # With git beside the editor

    def git(self, *arguments, patience=10.0):
        """Once more while somebody has the index; False when git would not."""
        deadline = time.monotonic() + patience
        while True:
            done = subprocess.run(
                ["/usr/bin/git", "-C", self.project.repository, *arguments],
                env=self.project.environment,
                capture_output=True,
                text=True,
            )
            if done.returncode == 0:
                return True
            if "index.lock" not in done.stderr and "cannot lock ref" not in done.stderr:
                self.refusal = done.stderr.strip()
                return False
            if time.monotonic() > deadline:
                raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr}")
            time.sleep(0.005)

    def commit(self):
        self.done["commits of the PRD"] += self.git("commit", "-q", "-m", "Plan", "--", "PRD.md")

    def visit_other_branch(self):
        """There the PRD is another; meanwhile the loop goes on."""
        if self.git("checkout", "-q", "other"):
            time.sleep(self.rng.uniform(0, 0.6))
            while not self.git("checkout", "-q", "main"):
                time.sleep(0.01)
            self.done["visits to another branch"] += 1
            self.look()

    def stash(self):
        """Everything away and back; where it does not fit any more, he writes what he had."""
        ticked = self.look()
        if not self.git("stash", "push", "-q", "--", "PRD.md"):
            return
        time.sleep(self.rng.uniform(0, 0.3))
        if not self.git("stash", "pop", "-q"):
            self.git("reset", "-q", "--", "PRD.md")
            rename_over(self, self.render(ticked))
            self.git("stash", "drop", "-q")
        self.done["stashes"] += 1
        self.look()


EDITS = {
    "note": (4, Author.note),
    "add": (3, Author.add),
    "reword": (2, Author.reword),
    "describe": (2, Author.describe),
    "attribute": (1, Author.attribute),
    "move": (3, Author.move),
    "cut": (1, Author.cut),
    "paste": (1, Author.paste),
    "delete": (0.5, Author.delete),
    "tick": (0.5, Author.tick),
    "untick": (0.7, Author.untick),
}


# Ways to save


def truncate_and_write(author, text):
    """As nano and most small editors do; the half is there for an instant."""
    data = text.encode()
    half = author.rng.randint(0, len(data))
    with open(author.prd, "r+b", buffering=0) as file:
        file.truncate(0)
        file.write(data[:half])
        time.sleep(author.rng.choice([0, 0, 0.001, 0.01]))
        file.write(data[half:])


def rename_over(author, text):
    beside = author.prd.with_name("PRD.md.new~")
    beside.write_text(text)
    os.rename(beside, author.prd)


def vim(author, text, backup_copy):
    """The editor itself, which is told to write its buffer over whatever stands there."""
    author.scratch.write_text(text)
    fill = f"call deletebufline('%', 1, '$') | call setline(1, readfile('{author.scratch}'))"
    commands = [f"set backupcopy={backup_copy} writebackup", fill, f"w! {author.prd}", "q!"]
    words = ["vim", "-es", "-N", "-u", "NONE", "-i", "NONE", *(f"-c{command}" for command in commands)]
    # It refuses when the file is swapped between its look and its write; then he writes once more, as anybody would.
    for _ in range(5):
        if subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0:
            return
        author.done["refusals by vim"] += 1
    raise RuntimeError("vim would not write the file")


def sed(author, text):
    author.scratch.write_text(text)
    run(["sed", "-i", "-e", f"1r {author.scratch}", "-e", "d", str(author.prd)])


def git_checkout(author, text):
    """From a commit that is on no branch, as `git checkout OLD -- PRD.md` would bring it."""
    author.scratch.write_text(text)
    git = author.project.git
    blob = git("hash-object", "-w", str(author.scratch))
    tree = git_with_input(author, f"100644 blob {blob}\tPRD.md\n", "mktree")
    commit = git("commit-tree", tree, "-m", "Kept elsewhere")
    if not author.git("checkout", commit, "--", "PRD.md"):
        raise RuntimeError(f"git checkout would not: {author.refusal}")


def run(command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.returncode} {done.stdout}{done.stderr}")


def git_with_input(author, text, *arguments):
    done = subprocess.run(
        ["/usr/bin/git", "-C", author.project.repository, *arguments],
        env=author.project.environment,
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


STYLES = {
    "truncate and write": truncate_and_write,
    "rename over": rename_over,
    "vim, backupcopy=no": lambda author, text: vim(author, text, "no"),
    "vim, backupcopy=yes": lambda author, text: vim(author, text, "yes"),
    "sed -i": sed,
    "git checkout": git_checkout,
}


def difference(wanted, text):
    """The lines that only one of them has."""
    import difflib

    found = BOX.sub(r"\1[ ] \3", text)
    lines = difflib.unified_diff(wanted.split("\n"), found.split("\n"), "written", "found", lineterm="", n=0)
    return "\n".join(list(lines)[:20])
