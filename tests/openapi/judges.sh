# Installs what judges documents and pages into build/openapi: not beside the sources, whose words and
# lines are ours. Sourced by scenarios, of which several may run at once.
judges=build/openapi
mkdir -p "$judges"
(
	flock 9
	cmp -s tests/openapi/package-lock.json "$judges/package-lock.json" && [ -e "$judges/.done" ] && exit
	cp tests/openapi/package*.json "$judges" &&
		(cd "$judges" && npm ci --no-audit --no-fund --loglevel=error) >"$work/out" 2>&1 &&
		touch "$judges/.done"
) 9>"$judges/.lock"
