#!/usr/bin/env python3
"""Do two builds give the same answer? Compares two summary.json of one scenario, made by different compilers.

Counts must be equal, figures agree to 1e-9 relative (law 2); `engine` (wall-clock fields) is left out.
Exit code 0 when they agree, 1 when not (one line for each place), 2 when a file cannot be read.
"""
import argparse
import json
import math
import sys

RELATIVE = 1e-9
LEFT_OUT = ("engine",)


def load(path):
    with open(path, encoding="utf-8") as file:
        summary = json.load(file)
    for name in LEFT_OUT:
        summary.pop(name, None)
    return summary


def agree(one, other):
    """Two leaves. Whole numbers are counts; a figure that came out whole in one build need not in the other."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=0)
    return type(one) is type(other) and one == other


def differences(one, other, path=""):
    """One line for each place where the two disagree."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(n for n in other if n not in one)]:
            here = f"{path}.{name}" if path else name
            if name not in one or name not in other:
                yield f"{here}: only in the {'first' if name in one else 'second'}"
            else:
                yield from differences(one[name], other[name], here)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for i, (a, b) in enumerate(zip(one, other)):
            yield from differences(a, b, f"{path}[{i}]")
    elif isinstance(one, (dict, list)) or isinstance(other, (dict, list)) or not agree(one, other):
        yield f"{path}: {json.dumps(one)[:80]} and {json.dumps(other)[:80]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first")
    parser.add_argument("second")
    args = parser.parse_args()
    try:
        found = list(differences(load(args.first), load(args.second)))
    except (OSError, ValueError) as error:
        print(f"cross_compiler.py: {error}", file=sys.stderr)
        return 2
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
