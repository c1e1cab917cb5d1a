#!/usr/bin/env python3
"""The English of the house: what is Chinese in templates and C sources, and what po/en.po says of it.

po.py extract FILE       every Chinese text of the sources as a .pot
po.py update             extracts, and brings po/en.po up to date (make po)
po.py check              po/en.po says all of it, and says it well; else what to do
po.py pages MO DIR FILE… the English templates, each FILE src/ROOM/pages/NAME.html under DIR

A text of a template is what stands between two block elements, with what is inline in it: values and
conditions as they are written, elements as <1>…</1>. A text of C is a string literal; its conversions
are all called %s here, and English may reorder them (%2$s)."""
import gettext
import html
import os
import re
import subprocess
import sys
import tempfile

PO = "po/en.po"
CJK = re.compile("[\u2e80-\u303f\u31c0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
QUOTES = "\u201c\u201d\u2018\u2019\u2026"  # shared by both languages

# Sources whose Chinese reaches no page: with the reason.
NOT_SAID = {
    "src/cli/": "the command line speaks as it does",
    "src/http/answer.c": "answers what was no request: nobody knows in which language",
    "src/approval/history/xes_say.c": "said by the command line alone, in both languages",
    "src/clock/notice.c": "reads the State Council's notices",
    "src/view/view_samples.h": "sample pages of a test",
    "src/base/speech.c": "writes dates and lists by rule",
    "src/base/time.c": "writes dates, which English writes by rule",
    "src/door/openapi.c": "the description for programs is in the source language",
}


def chinese(text):
    return bool(CJK.search(text))


def fail(where, line, what):
    sys.exit(f"po.py: {where}:{line}: {what}")


# C sources ------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?P<string>(?:[^"\\\n]|\\.)*)"'
    r'|\'(?:[^\'\\\n]|\\.)+\'|(?P<space>\s+|\\\n)|.', re.S)
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "'": "'", "r": "\r", "a": "\a", "0": "\0"}
SPEC = re.compile(r"%(?:%|[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j|t)?[diouxXscpfge])")


def literals(source):
    """(line, text) of every string literal, adjacent ones joined."""
    parts, start, line = [], 0, 1
    for token in TOKEN.finditer(source):
        text = token.group("string")
        blank = token.group("space") is not None or token.group().startswith(("//", "/*"))
        if text is not None:
            if not parts:
                start = line
            parts.append(re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group()), text,
                                flags=re.S))
        elif not blank and parts:
            yield start, "".join(parts)
            parts = []
        line += token.group().count("\n")
    if parts:
        yield start, "".join(parts)


def of_c(path):
    source = open(path, encoding="utf-8").read()
    for line, text in literals(source):
        if not chinese(text):
            continue
        if "<" in text and re.search(r"</?[a-z]", text):
            fail(path, line, "Chinese inside a literal of HTML is never translated: "
                             "give the words a literal of their own (render_word, render_say)")
        specs = SPEC.findall(text)
        if specs:
            text = SPEC.sub(lambda m: "%%" if m.group() == "%%" else "%s", text)
        yield line, text, bool(specs)


# Templates ------------------------------------------------------------------------------------------

PIECE = re.compile(
    r'(?P<note>\{\{#.*?\}\}|<!--.*?-->|<![^>]*>)|\{\{(?P<tag>.*?)\}\}'
    r'|<(?P<close>/?)(?P<name>[a-zA-Z][\w-]*)'
    r'(?P<inside>(?:\{\{.*?\}\}|"(?:\{\{.*?\}\}|[^"])*"|[^<>"])*)>'
    r'|(?P<text>[^<{]+|[<{])', re.S)
VOID = {"br", "img", "input", "meta", "link", "hr", "wbr", "source", "path", "rect", "circle"}
INLINE = {"a", "span", "strong", "em", "b", "i", "code", "time", "abbr", "small", "kbd",
          "br", "wbr", "sup", "sub"}
CONTROLS = {"field", "hidden", "choices", "file", "submit", "qr", "include", "layout", "errors",
            "tokens",
            "content", "form", "rows"}
ATTRIBUTE = re.compile(r'(?<=\s)([\w-]+)="((?:\{\{.*?\}\}|[^"])*)"', re.S)


class Node:
    def __init__(self, kind, text="", line=0, name=""):
        self.kind, self.text, self.line, self.name = kind, text, line, name
        self.parts = [[]]   # children; of a condition, one list for each branch
        self.heads = []     # of a condition: {{if …}}, {{else …}}
        self.end = ""

    def all_inline(self):
        return all(child.inline() for part in self.parts for child in part)

    def inline(self):
        if self.kind in ("text", "value"):
            return True
        if self.kind == "note":
            return False
        if self.kind == "element":
            return self.name in INLINE and 'translate="no"' not in self.text and self.all_inline()
        return self.kind == "choice" and self.all_inline()

    def says(self):
        if self.kind == "text":
            return chinese(self.text)
        if self.kind == "value":
            return chinese(self.text)
        return any(child.says() for part in self.parts for child in part)


def tree(path, source):
    root = Node("root")
    stack, line = [root], 1
    for piece in PIECE.finditer(source):
        whole, top = piece.group(), stack[-1]
        node = Node("text", whole, line)
        if piece.group("note") is not None:
            node.kind = "note"
        elif piece.group("tag") is not None:
            words = piece.group("tag").split()
            word = words[0] if words else ""
            node.kind = "value"
            if word in ("if", "each", "form", "rows") and len(words) > 1:
                node.kind = "choice" if word in ("if", "each") else "block"
                node.heads = [whole]
            elif word == "else":
                if not top.heads:
                    fail(path, line, "{{else}} outside a block, or a branch leaves an element open")
                top.heads.append(whole)
                top.parts.append([])
            elif word == "end":
                if not top.heads:
                    fail(path, line, "{{end}} outside a block, or a branch leaves an element open")
                top.end = whole
                stack.pop()
            elif word in CONTROLS:
                node.kind = "control"
            if word in ("else", "end"):
                line += whole.count("\n")
                continue
        elif piece.group("name") is not None and piece.group("name").lower() in ("html", "body"):
            node.kind = "note"  # layouts share them out among files
        elif piece.group("name") is not None:
            node.name = piece.group("name").lower()
            if piece.group("close"):
                if top.kind != "element" or top.name != node.name:
                    fail(path, line, f"{whole} closes what is not open here")
                top.end = whole
                stack.pop()
                line += whole.count("\n")
                continue
            node.kind = "element"
            if node.name == "br":
                node.end = ""
        top.parts[-1].append(node)
        if node.kind in ("choice", "block") or (node.kind == "element" and node.name not in VOID):
            stack.append(node)
        line += whole.count("\n")
    if len(stack) > 1:
        fail(path, stack[-1].line, f"{stack[-1].text[:40]} is not closed")
    return root


class Unit:
    """A run of inline nodes as one text: elements become <1>…</1>."""

    def __init__(self, nodes):
        self.opens = []
        self.closes = []
        self.text = re.sub(r"\s+", " ", self.write(nodes))

    def write(self, nodes):
        out = ""
        for node in nodes:
            if node.kind in ("text", "value"):
                out += node.text
            elif node.kind == "element":
                self.opens.append(node)
                number = len(self.opens)
                inner = self.write(node.parts[0])
                void = node.name in VOID
                out += f"<{number}/>" if void else f"<{number}>{inner}</{number}>"
            else:
                for head, part in zip(node.heads, node.parts):
                    out += head + self.write(part)
                out += node.end
        return out


class Pages:
    """Walks a template; say(line, text) gives what stands there instead."""

    def __init__(self, path, say):
        self.path, self.say = path, say

    def page(self, source):
        return self.nodes(tree(self.path, source).parts[0])

    def opening(self, node):
        def attribute(match):
            name, value = match.groups()
            if name == "value" or not chinese(value):
                return match.group()
            return f'{name}="{self.say(node.line, value)}"'
        if not chinese(node.text):
            return node.text
        return ATTRIBUTE.sub(attribute, node.text)

    def control(self, node):
        word = node.text.strip("{} ").split()[0]
        def quoted(match):
            text = match.group(1)
            return f'"{self.say(node.line, text)}"' if chinese(text) else match.group()
        if word == "hidden":
            return node.text
        return re.sub(r'"([^"]*)"', quoted, node.text)

    def one(self, node):
        if node.kind == "element":
            write = raw if 'translate="no"' in node.text else self.nodes
            inner = write(node.parts[0])
            return self.opening(node) + inner + node.end
        if node.heads:
            branches = zip(node.heads, node.parts)
            return "".join(head + self.nodes(part) for head, part in branches) + node.end
        if node.kind in ("control", "value"):
            return self.control(node)
        return node.text

    def unit(self, nodes):
        """nodes are inline and say something."""
        while len(nodes) == 1 and nodes[0].kind != "text":
            return self.one(nodes[0])
        unit = Unit(nodes)
        said = self.say(nodes[0].line, unit.text.strip())
        def tag(match):
            number = int(match.group(2)) - 1
            if not 0 <= number < len(unit.opens):
                fail(PO, 0, f"no element <{number + 1}> in: {unit.text}")
            node = unit.opens[number]
            return node.end if match.group(1) else self.opening(node)
        return re.sub(r"<(/?)(\d+)/?>", tag, said)

    def nodes(self, nodes):
        out, at = "", 0
        while at < len(nodes):
            end = at
            while end < len(nodes) and nodes[end].inline():
                end += 1
            run = nodes[at:end]
            if not any(node.says() for node in run):
                out += "".join(self.one(node) for node in run)
            else:
                first, last = 0, len(run)
                while is_blank(run[first]):
                    first += 1
                while is_blank(run[last - 1]):
                    last -= 1
                lead = edge(run[first], r"\s*")
                trail = edge(run[last - 1], r"\s*$")
                out += raw(run[:first]) + lead + self.unit(run[first:last]) + trail + raw(run[last:])
            if end < len(nodes):
                out += self.one(nodes[end])
                end += 1
            at = end
        return out


def edge(node, pattern):
    """The white space that a run begins or ends with."""
    return re.search(pattern, node.text).group() if node.kind == "text" else ""


def is_blank(node):
    return node.kind == "text" and not node.text.strip()


def raw(nodes):
    out = ""
    for node in nodes:
        if node.heads:
            out += "".join(head + raw(part) for head, part in zip(node.heads, node.parts)) + node.end
        else:
            out += node.text + raw(node.parts[0]) + node.end
    return out


def of_page(path):
    found = []

    def note(line, text):
        found.append((line, text, False))
        return text
    Pages(path, note).page(open(path, encoding="utf-8").read())
    return found


# The catalogue --------------------------------------------------------------------------------------

def sources():
    for folder, _, names in sorted(os.walk("src")):
        for name in sorted(names):
            path = os.path.join(folder, name)
            test = re.search(r"_(test|bench|fuzz)\.c$|_testing\.h$", name)
            if test or path.startswith(tuple(NOT_SAID)):
                continue
            if name.endswith((".c", ".h")) or (name.endswith(".html") and "/pages/" in path):
                yield path


def quote(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{text}"'


def extract():
    """{text: (files, is a format, where first)}, in the order of the sources."""
    found = {}
    for path in sources():
        for line, text, form in (of_page if path.endswith(".html") else of_c)(path):
            files, was, where = found.get(text, ([], False, f"{path}:{line}"))
            if path not in files:
                files.append(path)
            found[text] = (files, was or form, where)
    return found


HEADER = '''msgid ""
msgstr ""
"Project-Id-Version: yimen\\n"
"PO-Revision-Date: 2014-05-04 09:00+0800\\n"
"Last-Translator: Yimen\\n"
"Language-Team: Yimen\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
'''


def write_pot(path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("# Written by tools/po.py from the sources.\n" + HEADER)
        for text, (files, form, _) in extract().items():
            out.write("\n" + "".join(f"#: {file}\n" for file in files[:3]))
            out.write("#, c-format\n" if form else "")
            out.write(f"msgid {quote(text)}\nmsgstr \"\"\n")


def read_po(path):
    """{text: (English, fuzzy)}"""
    said, fuzzy, key, value, where = {}, False, None, "", None

    def keep():
        if key:
            said[key] = (value, fuzzy)
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if line.startswith("#~"):
            continue
        if line.startswith("#") or not line:
            if where == "msgstr":
                keep()
                key, value, where, fuzzy = None, "", None, False
            fuzzy = fuzzy or line.startswith("#,") and "fuzzy" in line
            continue
        word, _, rest = line.partition(" ")
        if word in ("msgid", "msgstr"):
            if word == "msgid" and where == "msgstr":
                keep()
                value, fuzzy = "", False
            where = word
            if word == "msgid":
                key = ""
        else:
            rest = line
        text = re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(1)), rest[1:-1])
        if where == "msgid":
            key += text
        else:
            value += text
    if where == "msgstr":
        keep()
    return said


def update():
    with tempfile.NamedTemporaryFile(suffix=".pot") as pot:
        write_pot(pot.name)
        if not os.path.exists(PO):
            os.makedirs("po", exist_ok=True)
            with open(PO, "w", encoding="utf-8") as out:
                out.write(HEADER)
        subprocess.run(["msgmerge", "--quiet", "--update", "--backup=off", "--no-wrap",
                        "--no-fuzzy-matching",
                        "--previous", PO, pot.name], check=True)
    subprocess.run(["msgattrib", "--no-obsolete", "--no-wrap", "-o", PO, PO], check=True)
    empty = [text for text, (said, fuzzy) in read_po(PO).items() if not said or fuzzy]
    print(f"{PO}: {len(empty)} to translate" + "".join(f"\n  {text}" for text in empty[:20]))


def shape_of(text):
    """What both languages must have alike: elements and values."""
    return sorted(re.findall(r"</?\d+/?>", text)) + sorted(
        re.sub(r'"[^"]*"', '""', tag) for tag in re.findall(r"\{\{.*?\}\}", text))


def check():
    wrong = []
    said = read_po(PO) if os.path.exists(PO) else {}
    wanted = extract()
    for text, (_, _, where) in wanted.items():
        if text not in said:
            wrong.append(f"{where}: not in {PO}: {text}")
    for text, (english, fuzzy) in said.items():
        if text not in wanted:
            wrong.append(f"nowhere in the sources any more: {text}")
        elif not english or fuzzy:
            wrong.append(f"{wanted[text][2]}: not translated: {text}")
        elif chinese(english):
            wrong.append(f"Chinese in the English of: {text}")
        elif shape_of(text) != shape_of(english):
            wrong.append(f"elements or values differ: {text}")
        elif (text[-1:] == "\n") != (english[-1:] == "\n") or '"' in english and '"' not in text:
            wrong.append(f"ends or quotes otherwise: {text}")
    for line in wrong:
        print(line)
    if wrong:
        sys.exit(f"{PO}:1: {len(wrong)} texts: run `make po`, fill in what is empty in {PO} "
                 "(CONTRIBUTING.md, Languages)")
    if said and subprocess.run(["msgfmt", "--check", "-o", "/dev/null", PO], check=False).returncode:
        sys.exit(f"{PO}:1: msgfmt --check says what is wrong above")


def plural(text):
    """{{days}} working day(s): the s but for 1."""
    return re.sub(r"\{\{((?:\w+\.)*\w+)\}\}((?: [a-z]+)* [a-z]+)\(s\)",
                  r'{{\1}}\2{{if not \1 is "1"}}s{{end}}', text)


def pages(mo, folder, files):
    with open(mo, "rb") as file:
        words = gettext.GNUTranslations(file)
    for path in files:
        source = open(path, encoding="utf-8").read()
        said = Pages(path, lambda line, text: plural(words.gettext(text))).page(source)
        to = os.path.join(folder, path.removeprefix("src/"))
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with open(to, "w", encoding="utf-8") as out:
            out.write(said)


def main():
    what, rest = sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]
    if what == "extract" and len(rest) == 1:
        write_pot(rest[0])
    elif what == "update" and not rest:
        update()
    elif what == "check" and not rest:
        check()
    elif what == "pages" and len(rest) > 1:
        pages(rest[0], rest[1], rest[2:])
    else:
        sys.exit(__doc__)


main()
