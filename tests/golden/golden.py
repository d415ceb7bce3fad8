#!/usr/bin/env python3
"""Did the answer change? Every shipped scenario against its stored summary.

Counts must agree exactly, figures to 1e-9 relative; `engine` (wall-clock fields) and `version` are left out.
`--update` shows the differences first, then rewrites the stored files: a person reads them before they are committed.
Scenarios that need a recorded file from outside (no stored answer, and a trace that is not there) are named as skipped.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RELATIVE = 1e-9
LEFT_OUT = ("engine", "version")
SHOWN = 12
# Folders of manifests, with the traffic they are run on.
MANIFESTS = {ROOT / "scenarios" / "manifests": ROOT / "scenarios" / "data" / "room_scene.csv"}


def summary(windtunnel, scenario):
    """The scenario's summary.json, or the message and exit code with which the command line refused."""
    source = [scenario.relative_to(ROOT)]
    if scenario in MANIFESTS:
        source = ["--manifests", *source, "--trace", MANIFESTS[scenario].relative_to(ROOT)]
    command = [windtunnel, "run", *source, "--format", "json", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None, f"exit {done.returncode}: {done.stderr.strip()}"
    answer = json.loads(done.stdout)
    for name in LEFT_OUT:
        answer.pop(name, None)
    return answer, None


def differences(stored, seen, path=""):
    """One line for each place where two summaries disagree."""
    if isinstance(stored, dict) and isinstance(seen, dict):
        for name in [*stored, *(n for n in seen if n not in stored)]:
            here = f"{path}.{name}" if path else name
            if name not in seen:
                yield f"{here}: gone (was {short(stored[name])})"
            elif name not in stored:
                yield f"{here}: new ({short(seen[name])})"
            else:
                yield from differences(stored[name], seen[name], here)
    elif isinstance(stored, list) and isinstance(seen, list):
        if len(stored) != len(seen):
            yield f"{path}: {len(stored)} entries before, {len(seen)} now"
        for i, (a, b) in enumerate(zip(stored, seen)):
            yield from differences(a, b, f"{path}[{i}]")
    elif not same(stored, seen):
        yield f"{path}: {short(stored)} before, {short(seen)} now"


def same(stored, seen):
    numbers = (int, float)
    if isinstance(stored, numbers) and isinstance(seen, numbers) and not isinstance(stored, bool):
        if isinstance(stored, int) and isinstance(seen, int):
            return stored == seen
        return abs(stored - seen) <= RELATIVE * max(abs(stored), abs(seen))
    return type(stored) is type(seen) and stored == seen


def short(value):
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def check(windtunnel, scenario, update):
    """True if the stored answer holds (or was rewritten), False if not, None if there was nothing to compare."""
    stored_file = HERE / f"{scenario.stem}.json"
    seen, refusal = summary(windtunnel, scenario)
    if seen is None:
        if not stored_file.exists() and "trace.file" in refusal:
            print(f"skipped {scenario.name}: {refusal}")
            return None
        print(f"FAILED  {scenario.name}: {refusal}")
        return False
    stored = json.loads(stored_file.read_text()) if stored_file.exists() else None
    found = list(differences(stored, seen)) if stored is not None else ["no stored answer yet"]
    if not found:
        print(f"passed  {scenario.name}")
        return True
    print(f"{'changed' if update else 'FAILED '} {scenario.name}: {len(found)} difference(s)")
    for line in found[:SHOWN] if not update else found:
        print(f"    {line}")
    if len(found) > SHOWN and not update:
        print(f"    ... and {len(found) - SHOWN} more")
    if update:
        stored_file.write_text(json.dumps(seen, indent=1) + "\n")
    return update


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--windtunnel", type=Path, default=ROOT / "build/release/bin/windtunnel")
    parser.add_argument("--update", "--update-golden", action="store_true", help="show the differences, then rewrite the stored answers")
    parser.add_argument("scenarios", nargs="*", type=Path, help="default: scenarios/*.yaml")
    options = parser.parse_args()
    scenarios = [s.resolve() for s in options.scenarios] or [*sorted((ROOT / "scenarios").glob("*.yaml")), *MANIFESTS]
    results = [check(options.windtunnel.resolve(), scenario, options.update) for scenario in scenarios]
    if not options.update and not options.scenarios:
        known = {scenario.stem for scenario in scenarios}
        for left in sorted(file.stem for file in HERE.glob("*.json") if file.stem not in known):
            print(f"FAILED  {left}.json: stored answer without a scenario")
            results.append(False)
    print(f"{results.count(True)} passed, {results.count(False)} failed, {results.count(None)} skipped")
    return 1 if False in results or not results else 0


if __name__ == "__main__":
    sys.exit(main())
