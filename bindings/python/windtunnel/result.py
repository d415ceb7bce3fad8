"""The result of a run."""

from __future__ import annotations

import json
import numbers
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from windtunnel._native import core
from windtunnel.errors import ScenarioError, UnknownNameError
from windtunnel.figures import Figures, nearest
from windtunnel.html import table_html
from windtunnel.kills import Kills
from windtunnel.tables import Coded, Column, Table, TimeSeries, need_pandas

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from windtunnel.scenario import Scenario


class Result:
    """What a run gave. The names of summary.json are attributes, `result.totals.kills.oom`, and keys,
    `result.models["room-scene"]`, or by path: `result["models.room-scene.response_time_s.p95"]`. What each means:
    docs/metrics.md.

    Series, decisions, kills and queries are those of the first replication; figures are over all of them.

    >>> import windtunnel as wt
    >>> result = wt.run("scenarios/steady_mm1.yaml")
    >>> result["models.quality.queries.completed"] == result.models.quality.queries.completed
    True
    """

    def __init__(self, run: core.Run, scenario: Scenario) -> None:
        self._run = run
        self.ran = scenario
        """The Scenario that ran, settings included (`result.scenario` is its name, as in summary.json)."""
        self.summary: dict[str, Any] = json.loads(run.summary_json())
        self._figures = Figures(self.summary)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Result cannot be pickled or copied, it holds the memory of its run; send result.summary, a dict, or "
            "result.to_pandas()"
        )

    # ------------------------------------------------------------------------------------------------- figures
    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._figures:
            raise AttributeError(f'a result has no "{name}"; {nearest(name, [*self._figures, *self._own()])}')
        return getattr(self._figures, name)

    def __getitem__(self, path: str) -> Any:
        """The figure at a path of summary.json. Raises: UnknownNameError naming the nearest known."""
        return self._figures[path]

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *self._figures])

    def _own(self) -> list[str]:
        return [name for name in dir(type(self)) if not name.startswith("_")]

    def quantile(self, name: str, level: float, of: str = "response_time_s") -> float | None:
        """A quantile of a model's (or a pipeline's) times, all replications pooled: seconds, at most 0.8 % off.

        level: in [0, 1]. of: response_time_s, queueing_delay_s or service_time_s (a pipeline has the first alone).
        Returns: None when nothing completed. Raises: ScenarioError for an unknown name or a level outside [0, 1].

        >>> import windtunnel as wt
        >>> result = wt.run("scenarios/steady_mm1.yaml")
        >>> result.quantile("quality", 0.95) == result.models.quality.response_time_s.p95
        True
        """
        self._check_distribution(name, of)
        if not isinstance(level, numbers.Real) or isinstance(level, bool):
            raise TypeError(f"level is {level!r}; give a number in [0, 1], such as 0.95")
        if not 0 <= level <= 1:
            raise ScenarioError(f"level: {level!r} is outside [0, 1]; 95 % is written 0.95")
        return self._run.quantile(name, of, float(level))

    def histogram(self, name: str, of: str = "response_time_s") -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Lower edges (seconds) and counts of the buckets that hold something, ascending; both of shape (buckets,)."""
        self._check_distribution(name, of)
        edges, counts = self._run.histogram(name, of)
        return np.asarray(edges), np.asarray(counts)

    def _check_distribution(self, name: str, of: str) -> None:
        names = [*self._run.models, *self._run.pipelines]
        if name not in names:
            raise UnknownNameError(f'no model or pipeline "{name}"; {nearest(str(name), names)}')
        kinds = ["response_time_s"]
        if name in self._run.models:
            kinds += ["queueing_delay_s", "service_time_s"]
        if of not in kinds:
            raise UnknownNameError(f'{name} has no times "{of}"; {nearest(str(of), kinds)}')

    # ------------------------------------------------------------------------------------------------- columns
    @property
    def series(self) -> Mapping[str, TimeSeries]:
        """Sampled quantities by name ("models.quality.backlog", "cluster.nodes"), at most 1024 points each."""
        return _SeriesMap({row[0]: _time_series(*row) for row in self._run.series()})

    @property
    def samples(self) -> Mapping[str, TimeSeries]:
        """The same as scraped, one value every `scrape_interval` however long the run: what the policies were shown.

        Raises: ScenarioError unless the run kept them (`run(..., samples=True)`)."""
        if not self._run.kept_samples:
            raise ScenarioError("samples were not kept; run with samples=True")
        out = {}
        for name, unit, at_s, column in self._run.samples():
            values = np.asarray(column)
            out[name] = TimeSeries(name, unit, np.asarray(at_s), values, values, values)
        return _SeriesMap(out)

    @property
    def decisions(self) -> Table:
        """One row a scaling decision: at_s, model, current, ready, proposed (by the policy), desired (after min and
        max), value (what was compared with the target), reason, and for policies that are controllers: loop (which of
        theirs), inputs (as seen, in the controller's words), limits (what changed the proposal; empty: nothing)."""
        return Table("decisions", self._columns(self._run.decisions()))

    @property
    def kills(self) -> Kills:
        """One row a kill: at_s, model, replica, node, gpu, cause, mechanism, exit_code, reason (as Kubernetes shows it),
        and the memory ledger at ledger_at_s in bytes (asked, own_used, device_used, device_size, host_used,
        host_limit), sharers, queries_lost, culprit_model and culprit_replica (None and -1: nobody's doing),
        blast_radius (others that died with it). `kills[i]` is one Kill, with who held what on its device in `ledger`,
        how the device filled in `history`, and a picture of that from `plot()`.

        >>> import windtunnel as wt
        >>> kills = wt.run("scenarios/steady_mm1.yaml").kills
        >>> kills.rows, kills["cause"].tolist()
        (0, [])
        """
        return Kills(
            self._columns(self._run.kills()),
            self._columns(self._run.kill_ledger()),
            self._columns(self._run.kill_history()),
        )

    @property
    def queries(self) -> Table:
        """One row for each query that ended, in the order they ended, the warm-up included: serial (order of arrival),
        model (of the last stage), pipeline, arrived_s, ended_s, queueing_delay_s, service_time_s, completed.

        Raises: ScenarioError unless the run kept them (`run(..., queries=True)`)."""
        if not self._run.kept_queries:
            raise ScenarioError("queries were not kept; run with queries=True")
        return Table("queries", self._columns(self._run.queries()))

    def response_times(self, name: str | None = None) -> NDArray[np.float64]:
        """Response time of each completed query, in the order of completion, end to end for a pipeline.

        name: of a pipeline, or of a model that gets queries of its own; None: all.
        Returns: shape (n_completed,), seconds; the warm-up is left out.
        Raises:  ScenarioError for an unknown name, or unless the run kept queries.

        >>> import windtunnel as wt
        >>> result = wt.run("scenarios/steady_mm1.yaml", queries=True)
        >>> len(result.response_times()) == result.totals.queries.completed
        True
        """
        queries = self.queries
        wanted = (queries["completed"] == 1) & (queries["ended_s"] >= self.summary["warm_up_s"])
        if name is not None:
            if name not in [*self._run.models, *self._run.pipelines]:
                known = [*self._run.models, *self._run.pipelines]
                raise UnknownNameError(f'no model or pipeline "{name}"; {nearest(str(name), known)}')
            pipeline, model = queries._columns["pipeline"], queries._columns["model"]
            assert isinstance(pipeline, Coded) and isinstance(model, Coded)
            if name in self._run.pipelines:
                wanted &= pipeline.codes == self._run.pipelines.index(name)
            else:
                wanted &= (pipeline.codes == -1) & (model.codes == self._run.models.index(name))
        times: NDArray[np.float64] = queries["ended_s"][wanted] - queries["arrived_s"][wanted]
        return times

    def _columns(self, raw: Mapping[str, Any]) -> dict[str, Column]:
        names = {"model": self._run.models, "culprit_model": self._run.models, "pipeline": self._run.pipelines}
        out: dict[str, Column] = {}
        for key, column in raw.items():
            values: Column = column if isinstance(column, list) else np.asarray(column)
            out[key] = Coded(values, names[key]) if key in names and isinstance(values, np.ndarray) else values
        return out

    # ------------------------------------------------------------------------------------------------- showing
    def to_pandas(self) -> pd.DataFrame:
        """Every figure of the summary: index `metric` (its path), columns `value` and `ci95` (NaN of a single run).

        >>> import windtunnel as wt
        >>> frame = wt.run("scenarios/steady_mm1.yaml").to_pandas()
        >>> float(frame.loc["totals.kills.total", "value"])
        0.0
        """
        pandas = need_pandas()
        rows = {path: value for path, value in _leaves(self.summary) if not path.endswith("_ci95")}
        intervals = {path[: -len("_ci95")]: value for path, value in _leaves(self.summary) if path.endswith("_ci95")}
        half_widths = pandas.Series(intervals, dtype=float, index=rows.keys())
        return pandas.DataFrame({"value": pandas.Series(rows, dtype=float), "ci95": half_widths}).rename_axis("metric")

    def plot(self) -> Figure:
        """A matplotlib figure: backlog and replicas of each model, and the memory in use with the kills marked."""
        from windtunnel.plotting import plot_result

        return plot_result(self)

    def __str__(self) -> str:
        return self._run.table()

    def __repr__(self) -> str:
        queries, kills = self.totals.queries, self.totals.kills
        cost = f"{self.totals.cost_usd:.2f} USD" if self.totals.cost_usd is not None else "no cost"
        return (
            f"<Result of {self.summary['scenario']}, seed {self.summary['seed']}: {queries.completed:,.6g} of "
            f"{queries.arrived:,.6g} queries completed, {kills.total:,.6g} kills, {cost}>"
        )

    def _repr_html_(self) -> str:
        rows = []
        for name in [*self._run.pipelines, *self._run.models]:
            one = self.pipelines[name] if name in self._run.pipelines else self.models[name]
            times, kills = one.response_time_s, one.get("kills")
            figures = [one.queries.arrived, one.queries.completed, times.p50, times.p95, times.p99]
            figures += [kills.total if kills else None, one.slo.attainment, one.get("cost_usd")]
            rows.append([name, *map(_cell, figures)])
        totals = self.totals
        counts = [_cell(totals.queries.arrived), _cell(totals.queries.completed)]
        rows.append(["total", *counts, "", "", "", _cell(totals.kills.total), "", _cell(totals.cost_usd)])
        titles = ["", "arrived", "completed", "p50, s", "p95, s", "p99, s", "kills", "on target", "cost, USD"]
        head = f"{self.summary['scenario']}, seed {self.summary['seed']}; response times end to end"
        return table_html(titles, rows, head)


class _SeriesMap(Mapping[str, TimeSeries]):
    """Series by name, with an error that names the nearest."""

    def __init__(self, series: dict[str, TimeSeries]) -> None:
        self._series = series

    def __getitem__(self, name: str) -> TimeSeries:
        if name not in self._series:
            raise UnknownNameError(f'no series "{name}"; {nearest(str(name), list(self._series))}')
        return self._series[name]

    def __contains__(self, name: object) -> bool:
        return name in self._series

    def __iter__(self) -> Iterator[str]:
        return iter(self._series)

    def __len__(self) -> int:
        return len(self._series)

    def __repr__(self) -> str:
        return f"<series: {', '.join(self._series)}>"


def _time_series(name: str, unit: str, step_s: float, low: Any, mean: Any, high: Any) -> TimeSeries:
    means = np.asarray(mean)
    time_s = step_s * np.arange(1, len(means) + 1)
    time_s.flags.writeable = False
    return TimeSeries(name, unit, time_s, means, np.asarray(low), np.asarray(high))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """(path, number) of every figure; texts are left out, null is NaN."""
    if isinstance(value, dict):
        for key, child in value.items():
            name = f'"{key}"' if "." in key else key
            yield from _leaves(child, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from _leaves(child, f"{path}.{i}")
    elif value is None:
        yield path, float("nan")
    elif isinstance(value, (int, float)):
        yield path, float(value)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
