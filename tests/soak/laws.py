"""The laws that can be seen from outside: in summary.json and result.h5. Each breach is one line."""
import h5py

ROUNDING = 1e-9
ENDS = ("completed", "failed", "timed_out", "rejected", "in_flight", "queued")


def near(a, b, relative=ROUNDING):
    return abs(a - b) <= relative * max(abs(a), abs(b), 1e-6)


def breaches(summary, largest_card):
    """Of one summary, of one run or of the means of several."""
    for name, model in summary["models"].items():
        yield from (f"models.{name}.{line}" for line in of_model(model))
    for name, pipeline in summary["pipelines"].items():
        yield from (f"pipelines.{name}.{line}" for line in (*balance(pipeline["queries"]), *quantiles(pipeline)))
    yield from (f"totals.{line}" for line in balance(summary["totals"]["queries"]))
    yield from sums(summary)
    yield from of_cluster(summary["cluster"], largest_card)
    yield from negatives(summary)


def balance(queries):
    """Law 1: nothing is lost."""
    inside = sum(queries[end] for end in ENDS)
    if not near(queries["arrived"], inside):
        yield f"queries: {queries['arrived']} arrived, {inside} are somewhere"


def quantiles(of):
    """A larger share has waited at least as long; the largest is exact, the others to `quantile_error`."""
    for what in ("response_time_s", "queueing_delay_s", "service_time_s"):
        times = of.get(what)
        if not times or times["max"] is None:
            continue
        order = [times[q] for q in ("p50", "p90", "p95", "p99", "p999")]
        above = order[-1] > times["max"] * 1.008 + 1e-9 or times["mean"] > times["max"] * (1 + ROUNDING)
        if above or order != sorted(order):
            yield f"{what}: {times} are out of order"


def of_model(model):
    yield from balance(model["queries"])
    yield from quantiles(model)
    yield from of_kills(model["kills"])
    if model["restarts"] > model["kills"]["total"]:
        yield f"restarts: {model['restarts']}, more than {model['kills']['total']} kills"
    if not near(model["backlog"]["mean"], model["queued"]["mean"] + model["in_service"]["mean"]):
        yield "backlog.mean is not queued.mean + in_service.mean"
    for what in ("replicas", "ready_replicas"):
        gauge = model[what]
        if not gauge["min"] - ROUNDING <= gauge["mean"] <= gauge["max"] * (1 + ROUNDING) + ROUNDING:
            yield f"{what}: {gauge} are out of order"
    share = model["slo"].get("attainment")
    if share is not None and not 0 <= share <= 1:
        yield f"slo.attainment: {share} is no share"


def counted(table):
    return sum(count for name, count in table.items() if not name.endswith("_ci95"))


def of_kills(kills):
    """Law 6, in counts."""
    for by in ("by_cause", "by_exit_code"):
        if not near(counted(kills[by]), kills["total"]):
            yield f"kills.{by}: sums to {counted(kills[by])}, not to {kills['total']}"
    of_137 = kills["by_exit_code"].get("137", 0)
    if not near(kills["exit_137"], of_137) or kills["oom"] > kills["total"] * (1 + ROUNDING):
        yield f"kills: {kills} do not fit each other"


def sums(summary):
    """Law 7, and that totals are those of the models."""
    totals, models = summary["totals"], summary["models"].values()
    cost = sum(m["cost_usd"] for m in models) + totals["unattributed_cost_usd"]
    if not near(cost, totals["cost_usd"], 1e-7):
        yield f"totals.cost_usd: models and nobody sum to {cost}, not to {totals['cost_usd']}"
    for name in ("total", "oom", "exit_137"):
        if not near(sum(m["kills"][name] for m in models), totals["kills"][name]):
            yield f"totals.kills.{name}: is not the sum of the models'"


def of_cluster(cluster, largest_card):
    """Law 5, from outside."""
    if cluster["memory_used_max_bytes"] > largest_card:
        yield f"cluster.memory_used_max_bytes: {cluster['memory_used_max_bytes']} on cards of {largest_card}"
    used = cluster["gpu_utilization"]
    if used is not None and not 0 <= used <= 1 + ROUNDING:
        yield f"cluster.gpu_utilization: {used} is no share"


MAY_BE_NEGATIVE = ("notes", "compare", "verdict")


def negatives(node, path=""):
    if isinstance(node, dict):
        for name, inner in node.items():
            if name not in MAY_BE_NEGATIVE:
                yield from negatives(inner, f"{path}.{name}" if path else name)
    elif isinstance(node, (int, float)) and node < 0:
        yield f"{path}: {node} is below 0"


def breaches_of_file(file, summary):
    """Of result.h5, beside the summary of the same single run."""
    with h5py.File(file, "r") as f:
        if "kills" in f:
            yield from (f"result.h5 /kills: {line}" for line in of_kill_rows({n: c[:] for n, c in f["kills"].items()}))
            if summary["warm_up_s"] == 0 and len(f["kills/at_s"]) != summary["totals"]["kills"]["total"]:
                yield f"result.h5 /kills: {len(f['kills/at_s'])} rows, {summary['totals']['kills']['total']} kills"
        for name, histograms in f["histograms"].items():
            seen = int(histograms["response_time/count"][:].sum())
            completed = summary["models"][name]["queries"]["completed"]
            if seen != completed:
                yield f"result.h5 /histograms/{name}: {seen} response times of {completed}"
        if "series" in f:
            times = f["series/time_s"][:]
            if any(b < a for a, b in zip(times, times[1:])):
                yield "result.h5 /series/time_s: runs back"
            yield from of_series(f["series"], summary["models"])


def of_kill_rows(kills):
    for row in range(len(kills["at_s"])):
        at = {name: column[row] for name, column in kills.items()}
        if not 0 <= at["own_used_bytes"] <= at["device_used_bytes"] <= at["device_size_bytes"]:
            yield f"row {row}: memory {at['own_used_bytes']} of {at['device_used_bytes']} of {at['device_size_bytes']}"
        if at["host_limit_bytes"] > 0 and at["host_used_bytes"] > at["host_limit_bytes"]:
            yield f"row {row}: main memory above its limit"
        if not 0 <= at["exit_code"] <= 255 or (at["mechanism"].lower() == b"sigkill") != (at["exit_code"] == 137):
            yield f"row {row}: exit code {at['exit_code']} by {at['mechanism'].decode()}"
    if any(b < a for a, b in zip(kills["at_s"], kills["at_s"][1:])):
        yield "at_s runs back"


def of_series(series, models):
    for name in models:
        columns = [series.get(f"models.{name}.{what}") for what in ("backlog", "queued", "in_service")]
        if None not in columns:
            backlog, queued, in_service = (column[:] for column in columns)
            if any(abs(b - q - s) > ROUNDING * max(1, b) for b, q, s in zip(backlog, queued, in_service)):
                yield f"result.h5 /series: backlog of {name} is not queued + in_service"


def differences(one, other, path=""):
    """Where two summaries differ, wall-clock fields aside."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(n for n in other if n not in one)]:
            if path or name != "engine":
                yield from differences(one.get(name), other.get(name), f"{path}.{name}" if path else name)
    elif one != other:
        yield f"{path}: {one} and {other}"
