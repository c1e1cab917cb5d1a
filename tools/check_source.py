#!/usr/bin/env python3
"""Rules about the text of the sources: tools/check_source.py RULE [ROOT].

Each rule is a function that yields (path, line, what). Prints "path:line: what" and ends with 1 if
there is anything. The tables beside it (tools/rules) say what is allowed, with reasons."""
import glob
import os
import re
import subprocess
import sys

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules")
TEST_FILE = re.compile(r"(_test|_bench|_fuzz)\.c$|testing\.[ch]$|_test_\w+\.h$")


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def table(name):
    """The lines of a table in tools/rules without comments."""
    for line in lines_of(os.path.join(RULES, name)):
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()


def files(root, folders, pattern):
    found = []
    for folder in folders:
        for here, _, names in os.walk(os.path.join(root, folder)):
            if "node_modules" in here or "fuzz/broke" in here:  # others' words, and bytes
                continue
            found += [os.path.join(here, name) for name in names]
    for path in sorted(found):
        relative = os.path.relpath(path, root)
        if re.search(pattern, relative):
            yield relative


# ---- include rules between floors ----

def room_of(path, rooms):
    """The room a file lies in: the deepest folder that the rules name, else its first folder."""
    folder = os.path.dirname(path)
    while folder and folder not in rooms:
        folder = os.path.dirname(folder)
    return folder or (path.split("/")[0] if "/" in path else "top")


def floors(root):
    allowed = {}
    for line in table("floors.txt"):
        room, _, below = line.partition(":")
        allowed[room] = set(below.split()) | {room, "base"}
    for path in files(root, ["src"], r"\.[ch]$"):
        if TEST_FILE.search(path):
            continue
        room = room_of(os.path.relpath(path, "src"), allowed)
        if room not in allowed:
            yield path, 1, f"room {room} stands on no floor: add it to tools/rules/floors.txt"
            continue
        for number, line in enumerate(lines_of(os.path.join(root, path)), 1):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not found or "*" in allowed[room]:
                continue
            target = found.group(1)
            other = room_of(target, allowed)
            if TEST_FILE.search(target):
                yield path, number, f"includes {target}, which is for tests"
            elif other not in allowed[room]:
                yield path, number, f"{room} may not include {target}"


# ---- every statement and table names its region ----

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def initializer(text, start):
    """The text between the brace at start and its partner, strings respected."""
    depth = 0
    position = start
    while position < len(text):
        character = text[position]
        if character == '"':
            position = STRING.match(text, position).end()
            continue
        if character == "'":
            position = text.index("'", position + (3 if text[position + 1] == "\\" else 2))
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return text[start:position + 1]
        position += 1
    return text[start:]


def strip_comments(text):
    def blank(found):
        return re.sub(r"[^\n]", " ", found.group(0)) if found.group(0)[0] == "/" else found.group(0)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', blank, text, flags=re.S)


def statements(text):
    """(offset, name, the text of its strings) of every struct db_sql and struct db_insert."""
    pattern = r"struct db_(sql|insert)\s*(?:\)|(\w+)\s*(\[\w*\])?\s*=)\s*(?=\{)"
    for found in re.finditer(pattern, text):
        body = initializer(text, found.end())
        pieces = [body]
        if found.group(3):
            inner = body[1:-1]
            pieces = [initializer(inner, at.start())
                      for at in re.finditer(r"\{(?=[^{}]*\})", inner)] or [body]
        for piece in pieces:
            words = re.sub(r"/\*.*?\*/|--.*", "", " ".join(STRING.findall(piece)))
            if words:
                yield found.start(), found.group(2) or "(unnamed)", words


def sql(root):
    excused = {tuple(line.split()[:2]) for line in table("sql.txt")}
    for path in files(root, ["src"], r"\.c$"):
        if TEST_FILE.search(path):
            continue
        text = strip_comments("\n".join(lines_of(os.path.join(root, path))))
        for offset, name, words in statements(text):
            if not re.search(r"\bregion\b", words) and (path, name) not in excused:
                yield path, text.count("\n", 0, offset) + 1, f"{name} names no region"
    for path in files(root, ["src"], r"\.sql$"):
        yield from tables(root, path, excused)
        yield from unique_keys(root, path)


def unique_keys(root, path):
    """Writes to rows with other keys may overtake one another (db/postgresql_writes.h): so no value of
    a unique index may pass from one row to another."""
    text = re.sub(r"--[^\n]*", "", "\n".join(lines_of(os.path.join(root, path))))
    for found in re.finditer(r"CREATE\s+UNIQUE\s+INDEX\s+(?:IF NOT EXISTS\s+)?(\w+)\s+ON\s+(\w+)"
                             r"\s*\(([^)]*)\)", text, re.I):
        name, of_table, columns = found.groups()
        line = text.count("\n", 0, found.start()) + 1
        freed = "|".join(word for word in re.findall(r"\w+", columns) if word != "region")
        frees = (rf"DELETE\s+FROM\s+{of_table}\b|"
                 rf"UPDATE\s+{of_table}\s+SET\b(?:(?!\bWHERE\b).)*\b({freed})\s*=")
        for source in files(root, ["src"], r"\.c$"):
            if TEST_FILE.search(source):
                continue
            code = strip_comments("\n".join(lines_of(os.path.join(root, source))))
            if any(re.search(frees, words, re.S) for _, _, words in statements(code)):
                yield path, line, f"{name}: {source} gives a value of it up to another row"


def tables(root, path, excused):
    text = re.sub(r"--[^\n]*", "", "\n".join(lines_of(os.path.join(root, path))))
    # What was read ahead is forgotten by what a write names (db/meaning.h).
    for found in re.finditer(r"\b(GENERATED|TRIGGER|CASCADE|VIEW|RULE|REFERENCES)\b", text, re.I):
        line = text.count("\n", 0, found.start()) + 1
        yield path, line, f"{found.group(1)}: a write changes what it names and nothing else"
    for found in re.finditer(r"CREATE\s+(TABLE|(?:UNIQUE\s+)?INDEX)\s+(?:IF NOT EXISTS\s+)?(\w+)"
                             r"([^;]*);", text, re.I):
        kind, name, body = found.groups()
        line = text.count("\n", 0, found.start()) + 1
        if (path, name) in excused:
            continue
        if kind.upper() != "TABLE":
            if not re.match(r"\s+ON\s+\w+\s*\(\s*region\b", body, re.I):
                yield path, line, f"index {name} does not lead with region"
        elif not re.search(r"\bPRIMARY\s+KEY\s*\(\s*region\b|\bregion\b[^,]*\bPRIMARY\s+KEY\b",
                           body, re.I):
            yield path, line, f"the primary key of {name} does not lead with region"


# ---- sizes ----

MOST_LINES, MOST_COLUMNS, MOST_IN_FUNCTION = 700, 104, 70  # "about 600", "about 100", "about 70"


def sizes(root):
    pattern = r"\.(c|h|sql|py|mjs|scss)$|^(tests|tools|\.ci)/[^.]*$"
    for path in files(root, ["src", "tests", "tools", "web", ".ci"], pattern):
        lines = lines_of(os.path.join(root, path))
        if len(lines) - 1 > MOST_LINES:
            yield path, MOST_LINES, f"{len(lines) - 1} lines: cut it along its subjects"
        for number, line in enumerate(lines, 1):
            width = len(line.expandtabs(4))
            if width > MOST_COLUMNS:
                yield path, number, f"{width} columns"
        if path.endswith(".c"):
            yield from functions(path, lines)


def functions(path, lines):
    """Functions stand at the left edge, their braces alone in the first column."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            head = lines[start - 2]
            # main of a test program is the list of its tests.
            listing = TEST_FILE.search(path) and head.startswith("int main(")
            if number - start + 1 > MOST_IN_FUNCTION and not listing:
                yield path, start, f"a function of {number - start + 1} lines"
            start = None


# ---- words ----

def words(root):
    patterns = [re.compile(line) for line in table("words.txt")]
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, check=False)
    paths = (listed.stdout.decode().split("\0") if listed.returncode == 0
             else list(files(root, ["."], "")))
    for path in paths:
        # The list itself, a licence's and a lock file's words are not ours to choose.
        if (not path or path in ("tools/rules/words.txt", "LICENSE", "web/package-lock.json")
                or not os.path.isfile(os.path.join(root, path))):
            continue
        try:
            lines = lines_of(os.path.join(root, path))
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            for pattern in patterns:
                found = pattern.search(line)
                if found:
                    yield path, number, f"says \"{found.group(0)}\""


# ---- which tests show which part ----

MAP = "tests/README.md"
PART = re.compile(r"\| (\d+)\. [^|]+\|(.*)\|$")
TESTS = re.compile(r"^src/.*_test\.c$|^tests/scenarios/(?!lib\.sh$)|^tests/faults/.*\.mjs$"
                   r"|^tests/(browser|third-party)/(?!README\.md$)")


def parts(root):
    """Every test stands under a part of the map, and every file that the map names is there. Names with
    a slash are files or patterns from the root, as in tests/run."""
    tests = [path for path in files(root, ["src", "tests"], ".") if TESTS.search(path)]
    named, wanted = set(), 1
    for number, line in enumerate(lines_of(os.path.join(root, MAP)), 1):
        part = PART.match(line)
        if not part:
            continue
        if int(part[1]) != wanted:
            yield MAP, number, f"part {part[1]} where part {wanted} is due"
        wanted = int(part[1]) + 1
        patterns = re.findall(r"`([^`\s]+/[^`\s]+)`", part[2])
        if not patterns:
            yield MAP, number, f"part {part[1]} names no test"
        for pattern in patterns:
            found = glob.glob(os.path.join(root, pattern))
            named |= {os.path.relpath(path, root) for path in found}
            if not found:
                yield MAP, number, f"{pattern} is not there"
    if wanted == 1:
        yield MAP, 1, "there is no map of parts"
    for path in tests:
        if path not in named:
            yield path, 1, f"stands under no part of {MAP}"


def main():
    rules = {"floors": floors, "sql": sql, "sizes": sizes, "words": words, "parts": parts}
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in rules:
        print(f"usage: tools/check_source.py {'|'.join(rules)} [ROOT]", file=sys.stderr)
        return 2
    broken = 0
    for path, line, what in rules[sys.argv[1]](sys.argv[2] if len(sys.argv) == 3 else "."):
        print(f"{path}:{line}: {what}")
        broken = 1
    return broken


if __name__ == "__main__":
    sys.exit(main())
