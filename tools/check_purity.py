#!/usr/bin/env python3
"""Follows what pure objects call: check_purity.py LIST FOLDER OBJECT... with `nm -A -P` of all our
objects on standard input. Prints the way from a pure object to the first symbol that is not
allowed. Prints and ends with 1 if there is any."""
import fnmatch
import os
import sys


def read_list(path):
    with open(path, encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def allowed(name, patterns):
    """True, False (by '!'), or None where no line speaks of it; later lines win."""
    good = None
    for pattern in patterns:
        if fnmatch.fnmatchcase(name, pattern.lstrip("!")):
            good = not pattern.startswith("!")
    return good


def main():
    patterns, folder, pure = read_list(sys.argv[1]), sys.argv[2], sys.argv[3:]
    needs, homes, constant = {}, {}, set()
    for line in sys.stdin:
        path, rest = line.split(": ", 1)
        name, kind = rest.split()[:2]
        needs.setdefault(path, [])
        if kind in "Uw":
            needs[path].append(name)
        elif kind in "TW":
            homes[name] = path
        elif kind in "RrDV":
            constant.add(name)  # whether data can change is the rule on globals
    broken = 0
    for start in pure:
        seen, ways = {start}, [(start, [])]
        while ways:
            path, way = ways.pop()
            for name in needs.get(path, []):
                good = allowed(name, patterns)
                if good or name in constant:
                    continue
                if good is None and name in homes:
                    if homes[name] not in seen:
                        seen.add(homes[name])
                        ways.append((homes[name], way + [name]))
                    continue
                source = os.path.splitext(os.path.relpath(start, folder))[0]
                print(f"src/{source}.c:1: not pure: " + " -> ".join(way + [name]))
                broken = 1
    return broken


if __name__ == "__main__":
    sys.exit(main())
