"""Figures of results, with matplotlib. Colours are matplotlib's own cycle, so a style sheet of yours applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from windtunnel.errors import ScenarioError
from windtunnel.tables import TimeSeries

_GIB = 2**30

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from windtunnel.comparison import Comparison
    from windtunnel.kills import Kill
    from windtunnel.result import Result


def new_figure(rows: int, columns: int, width: float, height: float, **more: Any) -> tuple[Figure, Any]:
    """A figure and its axes (always two-dimensional), or an ImportError that says how to get matplotlib."""
    try:
        from matplotlib import pyplot
    except ImportError as error:
        way_out = "install python3-matplotlib (Debian) or `pip install matplotlib`"
        raise ImportError(f"plot() needs matplotlib: {way_out}") from error
    figure, axes = pyplot.subplots(
        rows, columns, figsize=(width, height), squeeze=False, constrained_layout=True, **more
    )
    pyplot.close(figure)  # a notebook shows what a cell returns; drawn once, not twice
    return figure, axes


def plain(name: str) -> str:
    """A name as text for matplotlib, which reads formulas between dollar signs."""
    return name.replace("$", r"\$")


def time_unit(horizon_s: float) -> tuple[str, float]:
    """The unit a time axis is read in, and its seconds."""
    if horizon_s > 3 * 86400:
        return "days", 86400.0
    return ("hours", 3600.0) if horizon_s > 2 * 3600 else ("minutes", 60.0)


def draw(axes: Axes, series: TimeSeries, unit_s: float, label: str) -> None:
    """A line of means over a band from smallest to largest."""
    line = axes.plot(series.time_s / unit_s, series.mean, label=plain(label), linewidth=1)[0]
    if np.any(series.max > series.min):
        band = {"alpha": 0.2, "color": line.get_color(), "linewidth": 0}
        axes.fill_between(series.time_s / unit_s, series.min, series.max, **band)


def plot_result(result: Result) -> Figure:
    """Backlog, replicas, and memory in use with kills, over simulated time."""
    series = result.series
    figure, grid = new_figure(3, 1, 8, 7, sharex=True)
    backlog, replicas, memory = grid[:, 0]
    unit, unit_s = time_unit(float(series["cluster.nodes"].time_s[-1]) if len(series["cluster.nodes"]) else 0)
    for model in result._run.models:
        draw(backlog, series[f"models.{model}.backlog"], unit_s, model)
        draw(replicas, series[f"models.{model}.ready_replicas"], unit_s, model)
    used = series["cluster.memory_used"]
    memory.plot(used.time_s / unit_s, used.max / 2**30, linewidth=1, label="all GPUs")
    kills = result.kills
    causes = kills["cause"]
    for cause in dict.fromkeys(causes):
        at = kills["at_s"][causes == cause] / unit_s
        memory.plot(at, np.zeros(len(at)), "x", label=f"kill: {str(cause).replace('_', ' ')}", clip_on=False)
    backlog.set_ylabel("backlog, queries")
    replicas.set_ylabel("ready replicas")
    memory.set_ylabel("memory used, GiB")
    memory.set_xlabel(f"simulated time, {unit}")
    for axes in grid[:, 0]:
        axes.set_ylim(bottom=0)
        axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    replicas.yaxis.get_major_locator().set_params(integer=True)
    figure.suptitle(f"{plain(result.summary['scenario'])}, seed {result.summary['seed']}", fontsize="medium")
    return figure


def plot_comparison(comparison: Comparison) -> Figure:
    """Kills by cause, response times and cost as bars; below them the backlog over time."""
    results = list(comparison.values())
    names = list(comparison)
    figure, grid = new_figure(2, 3, 11, 6.5)
    _kill_bars(grid[0, 0], names, results)
    _response_bars(grid[0, 1], names, results)
    _cost_bars(grid[0, 2], names, results)
    below = grid[1, 0].get_gridspec()[1, :]
    for axes in grid[1, :]:
        axes.remove()
    _backlog_lines(figure.add_subplot(below), names, results)
    return figure


def _label_variants(axes: Axes, names: list[str]) -> None:
    rotation = 20 if sum(map(len, names)) > 36 else 0
    axes.set_xticks(range(len(names)), [plain(name) for name in names], rotation=rotation, fontsize="small")
    axes.margins(y=0.15)  # room for the figures above the bars


def _kill_bars(axes: Axes, names: list[str], results: list[Result]) -> None:
    bottom = np.zeros(len(results))
    for cause in results[0].totals.kills.by_cause:
        if cause.endswith("_ci95"):
            continue
        counts = np.array([result.totals.kills.by_cause[cause] for result in results], dtype=float)
        if counts.any():
            axes.bar(range(len(names)), counts, bottom=bottom, label=cause.replace("_", " "))
            bottom += counts
    for i, total in enumerate(bottom):
        axes.annotate(f"{total:,.6g}", (i, total), (0, 2), textcoords="offset points", ha="center", fontsize="small")
    _label_variants(axes, names)
    axes.set_title("kills", fontsize="medium")
    axes.set_ylabel("processes")
    axes.set_xlim(-0.6, len(names) - 0.4)  # bars or none
    axes.set_ylim(0, None if bottom.any() else 1)
    if bottom.any():
        axes.legend(fontsize="small")


def _response_bars(axes: Axes, names: list[str], results: list[Result]) -> None:
    """End to end: the pipelines, or the models where there are none. On a log scale: tails differ by powers of ten."""
    tops = [result.pipelines or result.models for result in results]
    known = dict.fromkeys(name for top in tops for name in top)  # a variant may have others: gaps where it has none
    rows = [(name, level) for name in known for level in ("p50", "p95", "p99")][:9]
    width = 0.8 / len(rows)
    for i, (name, level) in enumerate(rows):
        heights = [float((name in top and top[name].response_time_s[level]) or np.nan) for top in tops]
        left = np.arange(len(names)) + (i - (len(rows) - 1) / 2) * width
        bars = axes.bar(left, heights, width, label=f"{plain(name)} {level}")
        if len(rows) == 3:
            axes.bar_label(bars, fmt="%.3g", fontsize="x-small", padding=1)
    _label_variants(axes, names)
    if any(bar.get_height() > 0 for bar in axes.patches):  # something completed
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        axes.set_ylim(low, high * (high / low) ** 0.3)  # room for the legend
    axes.set_title("response time", fontsize="medium")
    axes.set_ylabel("seconds")
    axes.legend(fontsize="x-small", loc="upper center", ncols=2 if len(rows) > 3 else 3)


def _cost_bars(axes: Axes, names: list[str], results: list[Result]) -> None:
    costs = [float(result.totals.cost_per_1000_completed_usd or np.nan) for result in results]
    errors = [result.totals.get("cost_per_1000_completed_usd_ci95") or 0.0 for result in results]
    bars = axes.bar(range(len(names)), costs, yerr=errors if any(errors) else None, color="0.6")
    axes.bar_label(bars, fmt="%.3g", fontsize="small", padding=2)
    _label_variants(axes, names)
    axes.set_ylim(bottom=0)
    axes.set_title("cost", fontsize="medium")
    axes.set_ylabel("USD per 1000 completed")


def _backlog_lines(axes: Axes, names: list[str], results: list[Result]) -> None:
    ends = [result.series["cluster.nodes"].time_s[-1:] for result in results]
    unit, unit_s = time_unit(float(np.max(np.concatenate(ends), initial=0)))
    for name, result in zip(names, results):
        lines = [result.series[f"models.{model}.backlog"] for model in result._run.models]
        total = np.sum([line.mean for line in lines], axis=0)
        axes.plot(lines[0].time_s / unit_s, total, label=plain(name), linewidth=1)
    axes.set_ylim(bottom=0)
    axes.set_title("backlog of all models", fontsize="medium")
    axes.set_xlabel(f"simulated time, {unit}")
    axes.set_ylabel("queries")
    axes.legend(fontsize="small")


def plot_kill(kill: Kill) -> Figure:
    """The ledger of a kill as it came to be: one band a replica, the device's size, the refused request."""
    history = kill.history
    if history.rows == 0:
        raise ScenarioError(f"no history was kept of the kill of {kill.model}-{kill.replica} at {kill.at_s:.3f} s")
    at_s, total = history["at_s"], history["total_bytes"]
    end_s = kill.ledger_at_s
    margin_s = 0.02 * max(end_s - float(at_s[0]), 1e-3)  # so that the first and the last state show
    edges = np.array([float(at_s[0]) - margin_s, *at_s, end_s + margin_s])
    first = 0 if history["refused"][0] else history["change_bytes"][0]
    totals = np.array([total[0] - first, *total], dtype=float)
    bands = _bands_of(kill)
    figure, grid = new_figure(1, 1, 8, 4)
    axes = grid[0, 0]
    unit, unit_s = time_unit(end_s) if end_s > 120 else ("seconds", 1.0)
    below = np.zeros(len(totals))
    rest = totals - np.sum(list(bands.values()), axis=0)
    shown = {"driver" if kill.cause != "host_ram_limit" else "others": rest, **bands} if np.any(rest > 0) else bands
    for name, values in shown.items():
        victim = name == f"{kill.model}-{kill.replica}"
        style: dict[str, Any] = {"color": "0.8"} if values is rest else {}
        style |= {"hatch": "///", "edgecolor": "white"} if victim else {}
        axes.stairs((below + values) / _GIB, edges / unit_s, baseline=below / _GIB, fill=True, linewidth=0,
                    label=plain(name) + (" (victim)" if victim else ""), **style)
        below = below + values
    host = kill.cause == "host_ram_limit"
    size = kill.host_limit_bytes if host else kill.device_size_bytes
    if size > 0:
        axes.axhline(size / _GIB, color="black", linewidth=1, label="its limit" if host else "device")
    asked = (kill.asked_bytes if not host else kill.asked_bytes - kill.host_used_bytes) + total[-1]
    if kill.asked_bytes > 0:
        axes.plot([end_s / unit_s], [asked / _GIB], "kx", clip_on=False, label="asked for, refused")
    axes.set_ylim(0, 1.05 * max(size, asked) / _GIB)
    axes.set_xlim(edges[0] / unit_s, edges[-1] / unit_s)
    axes.set_xlabel(f"simulated time, {unit}")
    axes.set_ylabel("main memory, GiB" if host else "device memory, GiB")
    axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    cause = kill.cause.replace("_", " ")
    axes.set_title(f"{plain(kill.model)}-{kill.replica}: {cause}, exit code {kill.exit_code}", fontsize="medium")
    return figure


def _bands_of(kill: Kill) -> dict[str, Any]:
    """What each replica held before the first change and after each of them."""
    history = kill.history
    names = [f"{model}-{replica}" for model, replica in zip(history["model"], history["replica"])]
    bands: dict[str, Any] = {}
    if kill.cause != "host_ram_limit":  # the ledger is of the device
        ledger = kill.ledger
        parts = ledger["context_bytes"] + ledger["weights_bytes"] + ledger["reserved_bytes"]
        for model, replica, held in zip(ledger["model"], ledger["replica"], parts):
            bands[f"{model}-{replica}"] = np.full(history.rows + 1, float(held))
    for name in dict.fromkeys(names):
        rows = [i for i, one in enumerate(names) if one == name]
        refused, own = history["refused"][rows[0]], history["own_bytes"]
        values = np.full(history.rows + 1, float(own[rows[0]] - (0 if refused else history["change_bytes"][rows[0]])))
        for i in rows:
            values[i + 1 :] = own[i]
        bands[name] = values
    return bands
