#!/usr/bin/env python3
"""What a run costs from Python, beside the command line: instructions a query (callgrind, by the difference of two run
lengths, so that start-up falls out), or with --time CPU seconds of whole runs.

    python        wt.run() of the scenario as it is: at most 2 % more
    policy        its policy's own decisions, taken by a policy written in Python every 15 s: at most 3 % more
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "bench" / "w2.yaml"  # a day curve in an hour, scaled every 15 s
SHORT, LONG = 103_680, 311_040  # queries: whole hours of its curve
FULL = 10_000_000
ALLOWED = {"python": 0.02, "policy": 0.03}

# One run in a process of its own. The policy replays what the scenario's own decided, so that the work is the same.
CHILD = """
import sys, time
import numpy, windtunnel as wt
how, scenario, queries, decisions = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
settings = {"workload.0.queries": queries}
decided = numpy.load(decisions).tolist() if how == "policy" else []
class Replay(wt.Policy):
    def __init__(self): self.next = iter(decided)
    def decide(self, seen):
        if seen.backlog != seen.backlog: return 0
        return next(self.next, 1)
before = time.process_time()
wt.run(scenario, set=settings, policies={"w2": Replay} if how == "policy" else None, progress=False)
print(time.process_time() - before)
"""
LEARN = """
import sys
import numpy, windtunnel as wt
result = wt.run(sys.argv[1], set={"workload.0.queries": int(sys.argv[2])}, progress=False)
numpy.save(sys.argv[3], result.decisions["proposed"])
"""


def decisions_of(queries, folder):
    """A file with the decisions of the scenario's own policy in a run of that length."""
    file = Path(folder) / f"decisions-{queries}.npy"
    if not file.exists():
        subprocess.run([sys.executable, "-c", LEARN, SCENARIO, str(queries), file], check=True)
    return str(file)


def command_of(how, queries, command_line, folder):
    if how == "command line":
        return [command_line, "run", str(SCENARIO), "--format", "json", "--quiet", "--set", f"workload.0.queries={queries}"]
    decisions = decisions_of(queries, folder) if how == "policy" else "none"
    return [sys.executable, "-c", CHILD, how, str(SCENARIO), str(queries), decisions]


def instructions(how, queries, command_line, folder):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command += command_of(how, queries, command_line, folder)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"python_cost: callgrind ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return int(found.group(1))


def per_query(how, command_line, folder):
    return (instructions(how, LONG, command_line, folder) - instructions(how, SHORT, command_line, folder)) / (LONG - SHORT)


def cpu_seconds(how, command_line, folder):
    command = command_of(how, FULL, command_line, folder)
    before = os.times()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = os.times()
    if how != "command line":
        return float(done.stdout)
    return after.children_user - before.children_user + after.children_system - before.children_system


def costs(ways, command_line, timed, folder):
    if not timed:
        return {how: per_query(how, command_line, folder) for how in ways}
    runs = {how: [] for how in ways}
    for _ in range(9):  # in turn, so that a noisy minute hits all
        for how in ways:
            runs[how].append(cpu_seconds(how, command_line, folder))
    return {how: statistics.median(runs[how]) for how in ways}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--windtunnel", required=True, help="the command line, from the same build")
    parser.add_argument("--time", action="store_true", help=f"CPU seconds of {FULL:,} queries, medians of 9 in turn")
    options = parser.parse_args()
    ways = ["command line", "python", "policy"]
    with tempfile.TemporaryDirectory() as folder:
        cost = costs(ways, options.windtunnel, options.time, folder)
    print(f"{'':<14}{'CPU s' if options.time else 'instructions/query':>20}   beside the command line")
    failed = False
    for how in ways:
        more = cost[how] / cost["command line"] - 1
        print(f"{how:<14}{cost[how]:>20,.3f}   {more:+.2%}" + (f" (at most {ALLOWED[how]:+.0%})" if how in ALLOWED else ""))
        failed = failed or more > ALLOWED.get(how, 1)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
