#!/bin/sh
# Puts the real `claude` and `codex` from their wheels into DIRECTORY/bin, once; touches nothing else of the host's.
set -eu
directory=${1:?directory}
test -x "$directory/bin/claude" && test -x "$directory/bin/codex" && exit 0
python3 -m venv "$directory/wheels"
"$directory/wheels/bin/pip" install --quiet claude-agent-sdk openai-codex-cli-bin
mkdir -p "$directory/bin"
for program in claude codex; do
    # The program itself, not a launcher written in Python.
    found=$(find "$directory/wheels" -type f -name "$program" -size +20M | head -n 1)
    test -n "$found" || { echo "no $program in its wheel: is there one for this machine?" >&2; exit 1; }
    ln -sf "$(realpath "$found")" "$directory/bin/$program"
done
