#!/bin/sh
# Runs the tests with the real `claude` and `codex`, and prints the count as the last line. Where their wheels cannot be
# had, all of it is skipped, and the last line says so.
set -u

swift=${1:-swift}
directory=${2:?directory}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! sh "$(dirname "$0")/fetch.sh" "$directory" >"$log" 2>&1; then
	tail -n 3 "$log"
	echo "skipped: the wheels of claude and codex cannot be had here"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
RALPH_AGENT_PATH="$(realpath "$directory/bin")" $swift test --disable-xctest --filter 'RealAgent' >"$log" 2>&1
status=$?
count() { grep -cE "$1" "$log"; }
grep -vE '^(◇|✔|➜|↳|Building|\[[0-9]+/[0-9]+\]|Build complete)' "$log"
# Each row of a table is a case of its own; the ones in tables end in "test case passing …".
good=$(count '^✔ Test .* passed after')
bad=$(count '^✘ Test .* failed after')
[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
[ "$good" -gt 0 ] || { echo "no test was run"; status=1; }
grep -oE '^✔ Test .* with [0-9]+ test cases passed' "$log"
echo "$good passed, $bad failed"
exit "$status"
