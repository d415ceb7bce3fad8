"""The shipped scenarios, and what each of them names: models, streams, pools with their cards."""
import re
from dataclasses import dataclass, field
from pathlib import Path

from program import ROOT


@dataclass
class Shipped:
    file: Path
    models: list = field(default_factory=list)
    streams: int = 0
    pools: dict = field(default_factory=dict)  # name: type of GPU
    by_queries: bool = False                   # its length is a number of queries

    @property
    def path(self):
        return self.file.relative_to(ROOT)


def all_shipped(program, folder):
    """Those that this machine can run, in the order of their names; the largest benchmark has a part of its own."""
    found = []
    for file in sorted([*(ROOT / "scenarios").glob("*.yaml"), *(ROOT / "scenarios" / "bench").glob("*.yaml")]):
        short = ["--set", "workload.0.queries=100"] if file.parent.name == "bench" else []
        done = program.run("run", file, "-o", folder / file.stem, "--quiet", *short)
        if file.stem == "w3-4096" or (done.code == 2 and "trace.file" in done.err):  # a recording from outside
            continue
        if done.code != 0:
            raise SystemExit(f"soak: {file.relative_to(ROOT)} as shipped ended with {done.code}: {done.err}")
        found.append(described(file, (folder / file.stem / "scenario.resolved.yaml").read_text()))
    return found


def described(file, resolved):
    """Of scenario.resolved.yaml, whose indentation is always the same."""
    shipped = Shipped(file)
    section = ""
    for line in resolved.splitlines():
        if found := re.match(r"([a-z_]+):", line):
            section = found[1]
        elif section == "models" and (found := re.match(r"  ([^\s:]+):", line)):
            shipped.models.append(found[1])
        elif section == "workload":
            shipped.streams += line.startswith("  - ")
            shipped.by_queries |= bool(re.match(r"\s+(- )?queries: ", line)) and file.parent.name == "bench"
        elif section == "cluster" and (found := re.match(r"    (\S+):$", line)):
            pool = found[1]
        elif section == "cluster" and (found := re.match(r"      gpu: (\S+)", line)):
            shipped.pools[pool] = found[1]
    return shipped
