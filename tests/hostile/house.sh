# A house for hostile readers, and what they say; sourced after tests/scenarios/lib.sh.

# Set up, served, with its document. Anonymous limits are shown elsewhere (limits), and stand in the way.
hostile_house() {
	place
	ok "$engine: a house" runs "$yimen" init --city cities/pinghu --demo --json "${house[@]}" \
		--at 2014-05-04T08:00
	cp "$work/out" "$work/made"
	printf '%s\n' "limits:" "  hashing: 16" "  failures: 1000000" "  begun: 100000" \
		"  guesses: 100000" "  guesses_case: 100000" "  upload_mib: 100000" >>"$data/yimen.yaml"
	serve "${house[@]}" --clock 2014-05-04T08:30
	ok "$engine: its document" curl -fsS "${url}openapi.json" -o "$work/openapi"
}
judged() { # SCRIPT: each of its lines is a check
	node "tests/hostile/$1.mjs" "$url" "$work/openapi" "$work/made" "$data" >"$work/checks" 2>&1
	ok "$engine: $1 goes to its end" is $? 0
	ok "$engine: $1 says something" test -s "$work/checks"
	while IFS= read -r line; do
		ok "$engine: ${line#* }" test "${line%% *}" = ok
	done <"$work/checks"
}
hostile_end() {
	ok "$engine: nothing lies about" is "$(find "$data/files/incoming" -type f | wc -l)" 0
	ok "$engine: no fault in the log" fails grep -q '"level": *"error"' "$work/log"
	ok "$engine: serve ends well" stop
	ok "$engine: a rebuild agrees" ends 0 rebuild "${house[@]}"
}
