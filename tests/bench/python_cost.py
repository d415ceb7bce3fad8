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

# One run in a process of its own. The policy replays what the scenario's own would decide, so that the work is the same.
CHILD = """
import sys, time
import windtunnel as wt
how, scenario, queries = sys.argv[1], sys.argv[2], int(sys.argv[3])
settings = {"workload.0.queries": queries}
decided = []
class Replay(wt.Policy):
    def __init__(self): self.next = iter(decided)
    def decide(self, seen):
        if seen.backlog != seen.backlog: return 0
        return next(self.next, 1)
policies = None
if how == "policy":
    decided = wt.run(scenario, set=settings, progress=False).decisions["proposed"].tolist()
    policies = {"w2": Replay}
before = time.process_time()
wt.run(scenario, set=settings, policies=policies, progress=False)
print(time.process_time() - before)
"""


def command_of(how, queries, command_line):
    if how == "command line":
        return [command_line, "run", str(SCENARIO), "--format", "json", "--quiet", "--set", f"workload.0.queries={queries}"]
    return [sys.executable, "-c", CHILD, how, str(SCENARIO), str(queries)]


def instructions(how, queries, command_line):
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        done = subprocess.run(command + command_of(how, queries, command_line), capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"python_cost: callgrind ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return int(found.group(1))


def per_query(how, command_line):
    slope = (instructions(how, LONG, command_line) - instructions(how, SHORT, command_line)) / (LONG - SHORT)
    if how == "policy":  # it runs the scenario twice: once to learn the decisions
        slope -= per_query("python", command_line)
    return slope


def cpu_seconds(how, command_line):
    before = os.times()
    done = subprocess.run(command_of(how, FULL, command_line), capture_output=True, text=True, check=True)
    after = os.times()
    if how != "command line":
        return float(done.stdout)
    return after.children_user - before.children_user + after.children_system - before.children_system


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--windtunnel", required=True, help="the command line, from the same build")
    parser.add_argument("--time", action="store_true", help=f"CPU seconds of {FULL:,} queries, medians of 9 in turn")
    options = parser.parse_args()
    ways = ["command line", "python", "policy"]
    if options.time:
        runs = {how: [] for how in ways}
        for _ in range(9):
            for how in ways:
                runs[how].append(cpu_seconds(how, options.windtunnel))
        cost = {how: statistics.median(runs[how]) for how in ways}
    else:
        cost = {how: per_query(how, options.windtunnel) for how in ways}
    print(f"{'':<14}{'CPU s' if options.time else 'instructions/query':>20}   beside the command line")
    failed = False
    for how in ways:
        more = cost[how] / cost["command line"] - 1
        print(f"{how:<14}{cost[how]:>20,.3f}   {more:+.2%}" + (f" (at most {ALLOWED[how]:+.0%})" if how in ALLOWED else ""))
        failed = failed or more > ALLOWED.get(how, 1)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
