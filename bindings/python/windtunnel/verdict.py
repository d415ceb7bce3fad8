"""The verdict on a scenario's `expect`, as `windtunnel check` gives it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from windtunnel._native import core
from windtunnel.html import table_html
from windtunnel.result import Result
from windtunnel.running import OnProgress, Policies, prepared, run, variant_of
from windtunnel.scenario import Scenario, Settings
from windtunnel.tables import need_pandas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Verdict", "check"]


class Verdict:
    """What became of each expectation: met (its whole 95 % interval lies inside the bound), missed, unsure (more
    replications may show it) or unmeasured. True when all are met.

    >>> import windtunnel as wt
    >>> verdict = wt.check("scenarios/three_policies.yaml")
    >>> verdict.met, [row["verdict"] for row in verdict.expectations]
    (True, ['met', 'met'])
    """

    def __init__(self, verdict: core.Verdict, result: Result) -> None:
        self._verdict = verdict
        self.result = result
        self.met: bool = verdict.met
        self.expectations: list[dict[str, Any]] = json.loads(verdict.json(result._run))["expectations"]
        """One for each: metric, bound, asked, measured, ci95, missing_by (in the metric's unit), verdict."""

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Verdict cannot be pickled or copied, it holds the memory of its run; send verdict.expectations, "
            "verdict.result.summary or verdict.to_pandas()"
        )

    def __bool__(self) -> bool:
        return self.met

    def to_junit(self) -> str:
        """JUnit XML, one test case for each expectation."""
        return self._verdict.junit()

    def to_markdown(self) -> str:
        """A table the size of a comment."""
        return self._verdict.markdown()

    def to_pandas(self) -> pd.DataFrame:
        """The expectations, a row each."""
        frame: pd.DataFrame = need_pandas().DataFrame(self.expectations)
        return frame

    def __str__(self) -> str:
        return self._verdict.table()

    def __repr__(self) -> str:
        missed = sum(row["verdict"] != "met" for row in self.expectations)
        return f"<Verdict: {'met' if self.met else 'not met'}, {missed} of {len(self.expectations)} not met>"

    def _repr_html_(self) -> str:
        columns = ["metric", "asked", "measured", "missing by", "verdict"]
        return table_html(columns, self._verdict.rows(), "verdict: met" if self.met else "verdict: not met")


def check(
    scenario: Scenario | str | Path,
    *,
    variant: str | None = None,
    set: Settings | None = None,
    seed: int | None = None,
    replications: int = 5,
    threads: int = 0,
    policies: Policies | None = None,
    progress: bool | OnProgress | None = None,
) -> Verdict:
    """Runs a scenario and judges its `expect` lines, as `windtunnel check` does.

    variant: judges this variant of its `compare` block instead, with `set` laid over it.
    The other arguments are those of `run`. Raises: as `run`; ScenarioError, before anything runs, for a scenario that
    expects nothing, a metric path that does not exist (the nearest is named) or a bound in another unit than its
    metric's.
    """
    checked = prepared(scenario, set, seed)
    if variant is not None:
        checked = variant_of(checked, variant)
    core.check_expectations(checked._checked)
    result = run(checked, replications=replications, threads=threads, policies=policies, progress=progress)
    return Verdict(core.judge(checked._checked, result._run, variant or ""), result)
