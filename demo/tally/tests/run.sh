# Runs the tests that match a pattern, each with a home of its own. A pattern that matches nothing is a failure.
ran=0
failed=0
for file in tests/t-$1.sh; do
	[ -f "$file" ] || continue
	ran=$((ran + 1))
	HOME=$(mktemp -d)
	export HOME
	if output=$(TALLY_NOW=1000 sh -eu "$file" 2>&1); then
		echo "ok $file"
	else
		failed=$((failed + 1))
		echo "not ok $file"
		echo "$output" | sed 's/^/  /'
	fi
	rm -rf "$HOME"
done
[ "$ran" -gt 0 ] || echo "not ok: no test tests/t-$1.sh"
[ "$ran" -gt 0 ] && [ "$failed" -eq 0 ]
