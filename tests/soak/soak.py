#!/usr/bin/env python3
"""Long evidence that does not fit into the change gate: drawn scenarios against the laws, one very long run, and Ctrl-C
at random moments. Everything through the command line; every failure with the command that repeats it."""
import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

import cases
from check_case import Checker, TooLong, cards_of
from interrupts import Interrupts
from long_run import check_long_run
from program import ROOT, Program, command_text
from shipped import all_shipped

FULL_RUN = 100_000_000   # queries of the long run, from ten minutes on
SHARE_OF_INTERRUPTS = 0.15
SHOWN = 6                # breaches of one case
EVERY_S = 60             # a line that it is still there


class Score:
    def __init__(self):
        self.passed = self.failed = self.not_understood = 0

    def add(self, name, breaches, *how):
        if not breaches:
            self.passed += 1
            return
        self.failed += 1
        say(f"FAILED {name}")
        for line in breaches[:SHOWN]:
            say(f"    {line}")
        if len(breaches) > SHOWN:
            say(f"    ... and {len(breaches) - SHOWN} more")
        for line in how:
            say(f"  again: {line}")

    def unknown(self, name, *how):
        self.not_understood += 1
        say(f"not understood {name}")
        for line in how:
            say(f"  again: {line}")


def say(line):
    print(line, flush=True)


def drawn_cases(program, options, folder, score, until):
    """Cases until the time is up, or the one asked for."""
    schema = json.loads(program.run("schema").out)
    (folder / "shipped").mkdir()
    shipped = all_shipped(program, folder / "shipped")
    cards = cards_of(program)
    number, refused, said, first = 0, 0, time.monotonic(), score.passed
    numbers = [options.only] if options.only is not None else iter(range(10**9))
    for number in numbers:
        if time.monotonic() > until and options.only is None:
            break
        checker = Checker(program, folder, cards, random.Random(f"check {options.seed}/{number}"))
        case, name = cases.draw(schema, shipped, options.seed, number), f"case {number}"
        again = f"./run soak --seed {options.seed} --only {number}"
        try:
            case, done = checker.accepted(case)
            found = list(checker.check(case, done))
        except (KeyError, TypeError, ValueError, OSError) as error:  # a result of another form than the laws know
            found = [f"cannot be judged: {error!r}"]
        except TooLong:
            score.unknown(f"{name}: a run took too long", again, command_text(*case.arguments()))
            continue
        finally:
            refused += checker.refused
        score.add(name, found, again, command_text(*case.arguments()))
        if options.only is not None:
            say(command_text(*case.arguments()))
        if time.monotonic() > said + EVERY_S:
            said = time.monotonic()
            say(f"{number + 1} cases, {score.passed - first} passed so far")
    say(f"drawn scenarios: {score.passed - first} passed; {refused} drafts were refused with a message first")


def main():
    parser = argparse.ArgumentParser(prog="./run soak", description=__doc__)
    parser.add_argument("--windtunnel", type=Path, default=ROOT / "build/release/bin/windtunnel",
                        help=argparse.SUPPRESS)
    parser.add_argument("--minutes", type=float, default=20, help="how long, about (default 20)")
    parser.add_argument("--seed", type=int, help="of the drawn scenarios (default: the day)")
    parser.add_argument("--only", type=int, metavar="K", help="one drawn scenario, as a failure names it")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = int(time.strftime("%Y%m%d"))
    begin = time.monotonic()
    end = begin + options.minutes * 60
    say(f"soak: --seed {options.seed} --minutes {options.minutes:g}")
    program, score = Program(options.windtunnel), Score()
    with tempfile.TemporaryDirectory(prefix="windtunnel-soak-") as temporary:
        folder = Path(temporary)
        if options.only is None:
            queries = max(1_000_000, int(FULL_RUN * min(1.0, options.minutes / 10)))
            score.add("long run", list(check_long_run(program, queries, say)))
            interrupts = Interrupts(program, folder, random.Random(options.seed))
            until = time.monotonic() + SHARE_OF_INTERRUPTS * (end - begin)
            number = 0
            while number == 0 or time.monotonic() < until:
                score.add(f"interruption {number}", list(interrupts.check(number)))
                number += 1
            say(f"interruptions: {number}")
        drawn_cases(program, options, folder, score, end)
    say(f"{score.passed} passed, {score.failed} failed, {score.not_understood} not understood")
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
