#!/usr/bin/env python3
"""Speed through the public path beside a plain loop, and instruction counts as guards.

Each workload is run through `windtunnel run FILE --format json --quiet` and through windtunnel_plain_loop in turn;
the table shows medians of CPU time. Instructions per query come from callgrind, by the difference of two run lengths,
and are compared with instructions.json: a rise over 3 % fails.
"""
import argparse
import gzip
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parent.parent / "scenarios" / "bench"
GUARD = HERE / "instructions.json"
ALLOWED_RISE = 0.03
ALLOWED_TIME_OUT = 0.20  # of a client time-out on every query of W1
ALLOWED_AUTOSCALING = 0.05  # of four HPAs and four ScaledObjects over fixed replicas, at the same load

# name: queries in a full run, queries in a smoke run, goal and floor in queries/s, callgrind run lengths
WORKLOADS = {
    "w1": (10_000_000, 200_000, 10e6, 6e6, (100_000, 300_000)),
    "w2": (10_000_000, 200_000, 5e6, 4e6, (103_680, 311_040)),  # whole hours of its curve
    "w3-64": (20_000_000, 200_000, 6e6, 4e6, (100_000, 300_000)),
    "w3-4096": (20_000_000, 200_000, 4e6, 2e6, (100_000, 300_000)),
}
TRACE_ROWS = (50_000, 150_000)
REPLAY_GOAL, REPLAY_MIB = 3e6, 100  # queries/s


def cpu_seconds(command):
    """Runs a command; its user and system CPU seconds, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def run_command(binaries, name, queries):
    return [binaries / "windtunnel", "run", SCENARIOS / f"{name}.yaml", "--format", "json", "--quiet",
            "--set", f"workload.0.queries={queries}"]


def peak_rss_mib(output):
    return json.loads(output)["engine"]["peak_rss_bytes"] / 2**20


def speed_rows(binaries, names, smoke, repeats):
    print("workload    queries   windtunnel   plain loop   ratio     goal    floor   peak RSS")
    print("                      queries/s    queries/s            queries/s")
    slow = []
    for name in names:
        full, short, goal, floor, _ = WORKLOADS[name]
        queries = short if smoke else full
        ours, plain, rss = [], [], 0.0
        for _ in range(repeats):  # in turn, so that a noisy minute hits both
            seconds, output = cpu_seconds(run_command(binaries, name, queries))
            ours.append(queries / seconds)
            rss = max(rss, peak_rss_mib(output))
            seconds, _ = cpu_seconds([binaries / "windtunnel_plain_loop", name, str(queries)])
            plain.append(queries / seconds)
        speed, base = statistics.median(ours), statistics.median(plain)
        print(f"{name:<8} {queries:>10,} {speed / 1e6:>10.2f} M {base / 1e6:>10.2f} M {speed / base:>7.2f}"
              f" {goal / 1e6:>6.0f} M {floor / 1e6:>6.0f} M {rss:>6.0f} MiB", flush=True)
        if speed < floor and not smoke:
            slow.append(name)
    return slow


def instructions(binaries, name, queries):
    """Instructions callgrind counts in one run of that length."""
    return count_instructions(run_command(binaries, name, queries), name)


def count_instructions(run, name):
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        command += map(str, run)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"bench: callgrind on {name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return int(found.group(1))


def instruction_rows(binaries, names, update):
    guard = json.loads(GUARD.read_text()) if GUARD.exists() else {}
    print("\nworkload   instructions/query   guard    change")
    risen = []
    for name in names:
        short, long = WORKLOADS[name][4]
        per_query = (instructions(binaries, name, long) - instructions(binaries, name, short)) / (long - short)
        known = guard.get(name)
        change = f"{per_query / known - 1:+8.1%}" if known else "   none yet"
        print(f"{name:<10} {per_query:>18,.0f} {known or 0:>7,.0f} {change}", flush=True)
        if known and per_query > known * (1 + ALLOWED_RISE) and not update:
            risen.append(name)
        guard[name] = round(per_query, 1)
    if update:
        GUARD.write_text(json.dumps(guard, indent=2) + "\n")
        print(f"wrote {GUARD.relative_to(Path.cwd()) if GUARD.is_relative_to(Path.cwd()) else GUARD}")
    return risen


def time_out_row(binaries):
    """Instructions a query of W1 with a client time-out of 30 s on every one, over those without."""
    def per_query(settings):
        short, long = WORKLOADS["w1"][4]
        counts = [count_instructions([*run_command(binaries, "w1", queries), *settings], "w1") for queries in (short, long)]
        return (counts[1] - counts[0]) / (long - short)

    share = per_query(["--set", "workload.0.clients={timeout: 30s}"]) / per_query([]) - 1
    print(f"time-outs {share:>+19.1%} over W1 without (at most {ALLOWED_TIME_OUT:.0%})", flush=True)
    return ["a client time-out costs more than it may"] if share > ALLOWED_TIME_OUT else []


def autoscaling_row(binaries):
    """Instructions of an hour with eight autoscalers over those with fixed replicas, 64 GPUs and the same load."""
    fixed = [part for i in range(8) for part in ("--set", f"scaling.m{i}={{policy: fixed, replicas: 8}}")]

    def an_hour(settings):
        run = [binaries / "windtunnel", "run", SCENARIOS / "autoscaled.yaml", "--format", "json", "--quiet", *settings]
        counts = [count_instructions([*run, "--set", f"horizon={hours}h"], "autoscaled") for hours in (1, 2)]
        return counts[1] - counts[0]

    share = an_hour([]) / an_hour(fixed) - 1
    print(f"autoscaled {share:>+18.1%} over fixed replicas (at most {ALLOWED_AUTOSCALING:.0%})", flush=True)
    return ["autoscaled costs more over fixed replicas than it may"] if share > ALLOWED_AUTOSCALING else []


def replay_row(binaries):
    """Two weeks of counts a second through eight models, when the recording is there."""
    folder = os.environ.get("WINDTUNNEL_DATA")
    trace = Path(folder or ".") / "twitter-2021-08-rate" / "workload_days01-14.txt.gz"
    if not folder or not trace.exists():
        print("replay: skipped; set WINDTUNNEL_DATA to the folder of recorded traces")
        return []
    seconds, output = cpu_seconds([binaries / "windtunnel", "run", SCENARIOS / "replay.yaml", "--format", "json",
                                   "--quiet", "--set", f'workload.0.trace.file="{trace}"'])
    queries = json.loads(output)["engine"]["queries"]
    rss = peak_rss_mib(output)
    print(f"replay   {queries:>10,} {queries / seconds / 1e6:>10.2f} M queries/s (goal {REPLAY_GOAL / 1e6:.0f} M),"
          f" {rss:.0f} MiB (at most {REPLAY_MIB})", flush=True)
    return ["replay"] if queries / seconds < REPLAY_GOAL or rss > REPLAY_MIB else []


def write_trace(path, rows):
    draw, at = random.Random(1), 0.0
    with open(path, "w", encoding="ascii") as out:
        out.write("timestamp,model\n")
        for _ in range(rows):
            at += draw.random() * 0.002
            out.write(f"{at:.6f},model-{draw.randrange(8)}\n")


def trace_rows(binaries, update):
    """Instructions a row of `trace info`, by the difference of two lengths, for each form of the same trace."""
    guard = json.loads(GUARD.read_text()) if GUARD.exists() else {}
    risen = []
    with tempfile.TemporaryDirectory() as folder:
        forms = {"trace-csv": [], "trace-gzip": [], "trace-binary": []}
        for rows in TRACE_ROWS:
            plain = Path(folder) / f"{rows}.csv"
            write_trace(plain, rows)
            Path(f"{plain}.gz").write_bytes(gzip.compress(plain.read_bytes(), 6, mtime=0))
            binary = Path(folder) / f"{rows}.h5"
            subprocess.run([binaries / "windtunnel", "trace", "convert", plain, "-o", binary, "--quiet"], check=True)
            for form, file in zip(forms, (plain, f"{plain}.gz", binary)):
                forms[form].append(count_instructions([binaries / "windtunnel", "trace", "info", file], form))
        for form, (short, long) in forms.items():
            per_row = (long - short) / (TRACE_ROWS[1] - TRACE_ROWS[0])
            known = guard.get(form)
            change = f"{per_row / known - 1:+8.1%}" if known else "   none yet"
            print(f"{form:<12} {per_row:>16,.0f} {known or 0:>7,.0f} {change}", flush=True)
            if known and per_row > known * (1 + ALLOWED_RISE) and not update:
                risen.append(form)
            guard[form] = round(per_row, 1)
    if update:
        GUARD.write_text(json.dumps(guard, indent=2) + "\n")
    return risen


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bin", type=Path, required=True, help="folder with windtunnel and windtunnel_plain_loop")
    parser.add_argument("--smoke", action="store_true", help="short runs, once: do the tools still work")
    parser.add_argument("--update", action="store_true", help="rewrite instructions.json")
    parser.add_argument("--only", action="append", choices=list(WORKLOADS), help="one workload; may be repeated")
    parser.add_argument("--no-speed", action="store_true", help="instruction counts only")
    parser.add_argument("--no-instructions", action="store_true", help="times only")
    parser.add_argument("--micro", action="store_true", help="micro benchmarks of the engine's parts as well")
    options = parser.parse_args()
    names = options.only or list(WORKLOADS)
    bad = []
    if not options.no_speed:
        slow = speed_rows(options.bin, names, options.smoke, 1 if options.smoke else 5)
        bad += [f"{name} is below its floor" for name in slow]
        if not options.only and not options.smoke:
            bad += [f"{name} is below its goal or over its memory" for name in replay_row(options.bin)]
    if not options.no_instructions:
        risen = instruction_rows(options.bin, names, options.update)
        if not options.only:
            risen += trace_rows(options.bin, options.update)
            bad += time_out_row(options.bin)
            bad += autoscaling_row(options.bin)
        bad += [f"{name} takes more instructions than {1 + ALLOWED_RISE:.2f} times its guard" for name in risen]
    if options.micro:
        print(flush=True)
        subprocess.run([options.bin / "windtunnel_micro", "--benchmark_min_time=0.2"], check=True)
    for line in bad:
        print(f"bench: {line}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
