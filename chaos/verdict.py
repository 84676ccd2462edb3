"""What has to be true when the storm is over."""

import re
import subprocess
from collections import Counter


def verdict(project, is_finished=True):
    """Everything that is not as promised, one line each."""
    return [
        *landings(project, is_finished),
        *boxes(project, is_finished),
        *rows(project),
        *repositories(project),
        *leftovers(project),
        *users_work(project),
    ]


def landings(project, is_finished):
    trailers = Counter(project.git("log", "--format=%(trailers:key=Ralph-Item,valueonly,separator=)", "main").split())
    history = Counter(
        key
        for (key,) in project.history(
            "SELECT key FROM iteration JOIN item ON item.id = iteration.item WHERE outcome = 'landed'"
        )
    )
    for key, kind in project.kinds.items():
        expected = 1 if project.lands(key) and is_finished else 0
        for what, count in [("on main", trailers[key]), ("in the history", history[key])]:
            if count != expected and (is_finished or count > 1):
                yield f"{key} ({kind.name}) landed {count} times {what}"


def boxes(project, is_finished):
    """A ticked box is true: what the item had to do is on the branch."""
    shared = Counter(project.git("show", "main:shared.txt").split("\n"))
    tree = set(project.git("ls-tree", "-r", "--name-only", "main").split("\n"))
    text = (project.repository / "PRD.md").read_text()
    for key, kind in project.kinds.items():
        block = re.search(r"^- \[(.)\] .*\{#" + key + r"\b.*\n((?:  - \[.\].*\n)*)", text, re.M)
        if not block:
            yield f"{key} is no longer in the PRD"
            continue
        is_ticked = block[1] == "x"
        is_done = shared[key] == 1 and f"work/{key}.txt" in tree and f"old/{key}.txt" not in tree
        if shared[key] > 1:
            yield f"the work of {key} ({kind.name}) is on main {shared[key]} times"
        if is_ticked and not is_done:
            yield f"the box of {key} ({kind.name}) is ticked, and its work is not on main"
        if is_finished and is_ticked != project.lands(key):
            yield f"the box of {key} ({kind.name}) is {'ticked' if is_ticked else 'open'}"
        if is_ticked and "[ ]" in block[2]:
            yield f"{key} is ticked with an open criterion"


def rows(project):
    for (id, stage) in project.history("SELECT id, stage FROM iteration WHERE outcome IS NULL OR ended_at IS NULL"):
        yield f"iteration {id} has no outcome (it is in {stage})"
    for (iteration,) in project.history("SELECT iteration FROM landing WHERE closed_at IS NULL"):
        yield f"the landing of iteration {iteration} is open"
    for check in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"]:
        for row in project.history(check):
            if row != ("ok",):
                yield f"{check}: {row}"
    numbers = project.history("SELECT item, count(*), max(ordinal) FROM iteration GROUP BY item")
    for (item, count, last) in numbers:
        if count != last:
            yield f"item {item} has {count} iterations, and the last is number {last}"


def repositories(project):
    for name, directory in [("the repository", project.repository), ("the store", project.state / "store.git")]:
        done = subprocess.run(
            ["/usr/bin/git", "-C", directory, "fsck", "--full", "--strict", "--no-dangling", "--no-progress"],
            env=project.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            yield f"fsck of {name}: {done.stdout}{done.stderr}"
    locks = [str(path.relative_to(project.repository)) for path in project.repository.rglob("*.lock")]
    locks += [str(path.relative_to(project.repository)) for path in (project.repository / ".git").glob("index.ralph*")]
    locks += [str(path.relative_to(project.state)) for path in (project.state / "store.git").rglob("*.lock")]
    if locks:
        yield f"left over: {', '.join(locks)}"
    pins = project.git("for-each-ref", "--format=%(refname)", "refs/ralph/*/landing", "refs/ralph/*/landing/*")
    if pins:
        yield f"pins of landings are left: {pins.split()}"


def leftovers(project):
    for pid, words in project.living():
        yield f"process {pid} is alive: {words}"
    expected = {"notes/", "scratch/", "PRD.md"}
    for line in project.git("status", "--porcelain", strip=False).splitlines():
        if not any(line[3:].startswith(name) for name in expected):
            yield f"the checkout differs from main: {line}"
    for path in project.repository.glob(".*ralphd*"):
        yield f"left over beside the PRD: {path.name}"


def users_work(project):
    now = project.users_own()
    for name in sorted(set(now) | set(project.own)):
        if now.get(name) != project.own.get(name):
            yield f"the user's {name} changed: {project.own.get(name)} is {now.get(name)}"
