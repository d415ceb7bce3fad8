"""The longest run: resident memory must stay where it is, and the rate must not fall off."""
from pathlib import Path

SCENARIO = Path("scenarios/bench/w3-4096.yaml")
MOST_BYTES = 64 * 2**20     # 1e8 queries on 4096 GPUs stay under 40 MiB
MORE_BYTES = 4 * 2**20      # that the second half of the run may hold beyond the first
SHORTER = 20                # times shorter is the run that it is compared with
SLOWER = 1.4                # CPU time a query over that of the shorter run: what neighbours on the machine make


def check_long_run(program, queries, say):
    """Every breach, one line each."""
    def run(count):
        return program.watched("run", SCENARIO, "--set", f"workload.0.queries={count}", "--format", "json", "--quiet")
    short, _ = run(queries // SHORTER)
    long, resident = run(queries)
    for done in (short, long):
        if done.code != 0:
            yield f"exit code {done.code}: {done.err.strip()}"
            return
    per_query = [done.summary()["engine"]["cpu_s"] / done.summary()["engine"]["queries"] for done in (short, long)]
    half = len(resident) // 2
    early, late = max(resident[:half], default=0), max(resident[half:], default=0)
    say(f"long run: {queries:,} queries, {late / 2**20:.1f} MiB resident ({early / 2**20:.1f} in the first half), "
        f"{per_query[1] * 1e9:.0f} ns of CPU a query ({per_query[0] * 1e9:.0f} in a run of {queries // SHORTER:,})")
    if max(early, late) > MOST_BYTES:
        yield f"{max(early, late)} bytes resident, more than {MOST_BYTES}"
    if half > 2 and late > early + MORE_BYTES:
        yield f"resident memory grows: {early} bytes in the first half, {late} in the second"
    if per_query[1] > per_query[0] * SLOWER:
        yield f"the rate falls off: {per_query[1]:.3g} s of CPU a query, {per_query[0]:.3g} in a shorter run"
    inside = long.summary()["totals"]["queries"]
    if inside["arrived"] != queries or inside["completed"] != queries:
        yield f"{inside} of {queries} queries"
