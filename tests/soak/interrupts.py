"""Ctrl-C at a random moment: exit code 130, and of the files all or none, whole."""
import hashlib
import json
import shutil
import time

import h5py

from program import INTERRUPTED

RUNS = (  # verbs and lengths of about a second, whose files take long enough to be caught in the middle
    ("run", "scenarios/room_pipeline.yaml", "--set", "horizon=2d"),
    ("run", "scenarios/memory_limits.yaml", "--replications", "8"),
    ("compare", "scenarios/room_pipeline.yaml", "--set", "horizon=18h"),
    ("check", "scenarios/three_policies.yaml", "--replications", "24"),
    ("run", "scenarios/bench/w1.yaml", "--set", "workload.0.queries=400000"),
)


class Interrupts:
    def __init__(self, program, folder, rng):
        self.program, self.folder, self.rng = program, folder, rng
        self.lengths = {}
        self.before = {}  # the files of a whole run, by command

    def check(self, number):
        """One interruption; every breach, one line each, with the command."""
        command = RUNS[number % len(RUNS)]
        place = self.folder / "place"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        arguments = [*command, "-o", place / "out", "--per-query", place / "queries.csv", "--quiet"]
        if command not in self.lengths:
            begin = time.monotonic()
            self.program.run(*arguments, limit_s=120)
            self.lengths[command] = time.monotonic() - begin
            self.before[command] = contents(place)
            shutil.rmtree(place)
            place.mkdir()
        older = self.rng.random() < 0.5
        if older:  # results of another seed stand there
            self.program.run(*arguments, "--seed", "99", limit_s=120)
        stood = contents(place)
        # Half of them while files are written, at the end.
        share = self.rng.uniform(0.85, 1.1) if self.rng.random() < 0.5 else self.rng.uniform(0, 1)
        after = self.lengths[command] * share
        done = self.program.interrupted(*arguments, after_s=after)
        for line in self.breaches(command, place, stood, done):
            how = f"SIGINT {after:.3f} s into {' '.join(map(str, arguments))}"
            yield f"{line} ({how}{', over older results' if older else ''})"

    def breaches(self, command, place, stood, done):
        if done.code not in (0, 1, *INTERRUPTED):
            yield f"exit code {done.code}: {done.err.strip()[-300:]}"
        left = contents(place)
        # All of one run or all of the other: those that stood there, or the new ones.
        if left not in (stood, self.before[command]):
            yield f"neither the old files nor the new ones: {sorted(left)}"
        if done.code == 130 and left != stood:
            yield f"exit code 130, but files were written: {sorted(left)}"
        if done.code in (0, 1) and left != self.before[command]:
            yield f"exit code {done.code}, but not its files: {sorted(left)}"
        yield from (f"{file}: {why}" for file, why in broken(place))


def contents(place):
    """Every file by its name and what it holds; wall-clock fields aside."""
    return {str(file.relative_to(place)): digest(file) for file in sorted(place.rglob("*")) if file.is_file()}


def digest(file):
    if file.suffix == ".json":
        try:
            return hashlib.sha256(json.dumps(without_engine(json.loads(file.read_text()))).encode()).hexdigest()
        except ValueError:
            return "broken"
    return hashlib.sha256(file.read_bytes()).hexdigest()


def without_engine(node):
    if isinstance(node, dict):
        return {name: without_engine(inner) for name, inner in node.items() if name != "engine"}
    return [without_engine(inner) for inner in node] if isinstance(node, list) else node


def broken(place):
    for file in place.rglob("*"):
        try:
            if file.suffix == ".json":
                json.loads(file.read_text())
            elif file.suffix == ".h5":
                with h5py.File(file) as opened:
                    opened.visit(lambda name: None)
        except (ValueError, OSError) as error:
            yield file.name, f"is half-written: {error}"
