# What the scenarios share: TAP, a place that is removed, houses on both engines, servers. Sourced,
# so not executable and no test itself.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
yimen=$PWD/build/yimen
work=$(mktemp -d /tmp/yimen-story.XXXXXX)
chmod 755 "$work" # PostgreSQL runs as somebody else and must get through
server="" number=0 failures=0 houses=0 databases=()
made=() # houses, as the options that name them
declare -A wrong=() # of these the ones that are to be found wrong

finish() {
	trap - EXIT
	[ -n "$server" ] && kill -TERM "$server" 2>/dev/null && wait "$server" 2>/dev/null
	local name
	for name in "${databases[@]}"; do
		psql -q "$YIMEN_TEST_POSTGRESQL" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" >/dev/null 2>&1
	done
	[ -e "$work/pg/data/postmaster.pid" ] && tests/postgres stop "$work/pg" >/dev/null 2>&1
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# ---- TAP ----

ok() { # NAME, then a command that must succeed
	local name=$1
	shift
	number=$((number + 1))
	if "$@"; then
		echo "ok $number - $name"
	else
		failures=$((failures + 1))
		echo "not ok $number - $name"
		for file in "$work/out" "$work/err"; do
			[ -s "$file" ] && tail -n 20 "$file" | head -c 4000 | awk '{print "# " $0}'
		done
	fi
}
skip() { # NAME, WHY
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}
# The journal of every house is replayed and its tables compared, as every story ends.
the_end() {
	local one options
	for one in "${made[@]}"; do
		read -ra options <<<"$one"
		if [ -n "${wrong[$one]:-}" ]; then
			ok "at the end: ${one#--data "$work"/} was spoilt on purpose" ends 1 verify "${options[@]}"
		else
			ok "at the end: ${one#--data "$work"/} holds, tables equal replay" \
				facts 0 ".holds and (.regions | length > 0)" verify "${options[@]}"
		fi
	done
	echo "1..$number"
	[ "$failures" -eq 0 ] && [ "$number" -gt 0 ]
	exit
}

# ---- yimen: its output is in $work/out and $work/err ----

ends() { # STATUS ARGS...: it ends so
	local status=$1 got
	shift
	"$yimen" "$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	[ "$got" = "$status" ] || { echo "# yimen $*: status $got instead of $status"; return 1; }
}
out() { grep -q -- "$1" "$work/out"; }
err() { grep -q -- "$1" "$work/err"; }
json() { [ -s "$work/out" ] && jq -e "$1" "$work/out" >/dev/null; } # jq is content with nothing
says() { ends "$1" "${@:3}" && { out "$2" || err "$2"; }; } # STATUS WORDS ARGS...
facts() { ends "$1" "${@:3}" --json && json "$2"; }         # STATUS JQ ARGS...
fails() { ! "$@"; }
# Its output goes to $work/out and $work/err: redirecting `ok` itself would swallow its line.
runs() { "$@" >"$work/out" 2>"$work/err"; }
is() { [ "$1" = "$2" ] || { echo "# \"$1\" is not \"$2\""; return 1; }; }

# ---- houses on both engines ----

# Runs a function once for each engine, with $engine set.
on_both() { # FUNCTION
	if [ -z "${YIMEN_TEST_POSTGRESQL:-}" ]; then
		YIMEN_TEST_POSTGRESQL=$(tests/postgres start "$work/pg") || exit 1
		export YIMEN_TEST_POSTGRESQL
	fi
	for engine in sqlite postgresql; do "$1"; done
}
url_of() { # DATABASE: on the server of the tests
	sed "s#^postgresql:///[^?]*#postgresql:///$1#" <<<"$YIMEN_TEST_POSTGRESQL"
}
# A place for a house: $data, and the options that name it in "${house[@]}". Each has a database of its
# own.
place() {
	houses=$((houses + 1))
	data=$work/house$houses
	house=(--data "$data")
	if [ "$engine" = postgresql ]; then
		local name=yimen_story_$$_$houses
		psql -q "$YIMEN_TEST_POSTGRESQL" -c "CREATE DATABASE $name" >/dev/null || exit 1
		databases+=("$name")
		house+=(--db "$(url_of "$name")")
	fi
	also "${house[@]}"
}
sql() { # STATEMENT: straight into the house's database, behind the program's back
	if [ "$engine" = postgresql ]; then
		psql -qAt -v ON_ERROR_STOP=1 "${house[3]}" -c "$1"
	else
		sqlite3 -cmd ".timeout 5000" "$data/yimen.db" "$1"
	fi
}
# Houses that the_end verifies: each that `place` gave out, and those told here by their options.
also() { made+=("$*"); }
# The current house, or the one told: verify must find it wrong at the end, or not there at all.
spoilt() {
	if [ $# -eq 0 ]; then set -- "${house[@]}"; fi
	wrong["$*"]=1
}
entries() { sql "SELECT sum(seq) FROM region_head"; }

# ---- servers ----

serve() { # ARGS...: $url is where it answers (at $port, else at any), the log is in $work/log
	rm -f "$work/url"
	"$yimen" serve --port "${port:-0}" --json "$@" >"$work/url" 2>"$work/log" &
	server=$!
	for _ in $(seq 300); do
		[ -s "$work/url" ] && break
		kill -0 "$server" 2>/dev/null || break
		sleep 0.1
	done
	url=$(jq -r .url "$work/url")
}
stop() { # with the server's exit status
	local status
	kill -TERM "$server"
	wait "$server"
	status=$?
	server=""
	return $status
}
answer_of() { # CURL ARGS...: the status; the body is in $work/out
	curl -sS -o "$work/out" -w '%{http_code}' "$@"
}
shows() { # WORDS CURL ARGS...: what is there has the words
	curl -fsS -o "$work/out" "${@:2}" && out "$1"
}
