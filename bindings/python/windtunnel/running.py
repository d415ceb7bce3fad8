"""Running scenarios: one, or its variants side by side."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from windtunnel._native import core
from windtunnel.comparison import Comparison
from windtunnel.errors import ScenarioError
from windtunnel.figures import nearest
from windtunnel.policy import PolicySource, maker_of
from windtunnel.result import Result
from windtunnel.scenario import Scenario, Settings, load, plain_text

Policies = Mapping[str, PolicySource]


@dataclass(frozen=True)
class Progress:
    """How far the runs are: `share` of the simulated time of all of them in [0, 1] (0 where no horizon is known),
    `queries` arrived so far, runs `done` of `total`."""

    share: float
    queries: int
    done: int
    total: int


OnProgress = Callable[[Progress], Any]


def run(
    scenario: Scenario | str | Path,
    *,
    set: Settings | None = None,
    seed: int | None = None,
    replications: int = 1,
    threads: int = 0,
    policies: Policies | None = None,
    samples: bool = False,
    queries: bool = False,
    output: str | Path | None = None,
    progress: bool | OnProgress | None = None,
) -> Result:
    """Runs a scenario and returns its result. Ctrl-C stops it cleanly (KeyboardInterrupt, nothing written).

    scenario:      a Scenario or the path of a file
    set:           settings laid over it for this run: {"scaling.quality.target": "5s"}
    seed:          of the first replication, instead of the scenario's
    replications:  independent runs with seeds of their own; figures become means with 95 % intervals
    threads:       runs at the same time (0: what the machine has); results do not depend on it
    policies:      policies written in Python in place of the scenario's: {"quality": MyPolicy}
    samples:       keep every series as scraped too, one value every `scrape_interval` (`result.samples`)
    queries:       keep a row for each query of the first replication (`result.queries`)
    output:        folder for summary.json, result.h5 and scenario.resolved.yaml
    progress:      True or False for a line on standard error, a function that takes a Progress, or None: a line where
                   standard error is a terminal
    Raises:        ScenarioError for bad input, PolicyError for a policy that fails, OSError when writing fails

    The interpreter lock is let go while it runs: several runs may go on in threads, and give the same bytes.

    >>> import windtunnel as wt
    >>> result = wt.run("scenarios/steady_mm1.yaml", set={"horizon": "30m"}, replications=3)
    >>> result.totals.queries.arrived_ci95 > 0
    True
    """
    checked = prepared(scenario, set, seed)
    record = _run([("", checked._checked)], policies, replications, threads, samples, queries, output, progress)[0]
    return Result(record, checked)


def compare(
    scenario: Scenario | str | Path,
    variants: Mapping[str, Settings] | None = None,
    *,
    set: Settings | None = None,
    seed: int | None = None,
    replications: int = 1,
    threads: int = 0,
    policies: Policies | Mapping[str, Policies] | None = None,
    samples: bool = False,
    output: str | Path | None = None,
    progress: bool | OnProgress | None = None,
) -> Comparison:
    """Runs variants of a scenario on the same arrivals and sets them side by side.

    variants:  {name: settings}; without it the variants of the scenario's `compare` block
    policies:  for every variant {model: policy}, or {variant: {model: policy}}
    The rest as for `run`. Raises: as `run`; ScenarioError when there is nothing to compare.

    >>> import windtunnel as wt
    >>> both = wt.compare("scenarios/three_policies.yaml", {"3 s": {}, "10 s": {"scaling.quality.target": "10s"}})
    >>> list(both)
    ['3 s', '10 s']
    """
    base = prepared(scenario, set, seed)
    if variants is None:
        own = base._variants()
        scenarios = {name: Scenario._of_checked(checked, base) for name, checked in own}
    else:
        if not isinstance(variants, Mapping):
            raise TypeError(f"variants are a dict {{name: settings}}, not {type(variants).__name__}")
        if not variants:
            raise ScenarioError("variants: give at least one {name: settings}")
        scenarios = {}
        for given, settings in variants.items():
            name = _variant_name(given)
            if name in scenarios:
                raise ScenarioError(f"variants: two are called {name!r}; names head columns: make them differ")
            scenarios[name] = base.with_settings(settings)
    named = [(name, one._checked) for name, one in scenarios.items()]
    records = _run(named, policies, replications, threads, samples, False, output, progress)
    return Comparison({name: Result(record, one) for (name, one), record in zip(scenarios.items(), records)})


def variant_of(base: Scenario, name: str) -> Scenario:
    """One entry of the scenario's `compare`, as it runs. Raises: ScenarioError naming the nearest."""
    if not isinstance(name, str):
        raise TypeError(f"variant is {name!r}; give the name of an entry of `compare`")
    for known, checked in base._variants():
        if known == name:
            return Scenario._of_checked(checked, base)
    plain_text(name, "variant")
    raise ScenarioError(f'the scenario has no variant "{name}"; {nearest(name, base.variants)}')


def _variant_name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"variants: {name!r} is {type(name).__name__}, no name; write it as text: {str(name)!r}")
    if not name.strip():
        raise ScenarioError(f"variants: {name!r} is no name; names head columns: write a word")
    return plain_text(str(name), "variants")


def prepared(scenario: Scenario | str | Path, settings: Settings | None, seed: int | None) -> Scenario:
    """The scenario, read where a path was given, with settings and seed laid over it."""
    if isinstance(scenario, (str, Path)):
        scenario = load(scenario)
    if not isinstance(scenario, Scenario):
        raise TypeError(f"give a Scenario or the path of a file, not {type(scenario).__name__}")
    if settings is not None and not isinstance(settings, Mapping):
        raise TypeError(f'set is a dict of paths, {{"scaling.quality.target": "5s"}}, not {type(settings).__name__}')
    more: dict[str, Any] = dict(settings or {})
    if seed is not None:
        more["seed"] = seed
    return scenario.with_settings(more) if more else scenario


def _run(
    variants: list[tuple[str, core.Scenario]],
    policies: Policies | Mapping[str, Policies] | None,
    replications: int,
    threads: int,
    samples: bool,
    queries: bool,
    output: str | Path | None,
    progress: bool | OnProgress | None,
) -> list[core.Run]:
    replications = _whole("replications", replications, 1, 100_000)
    threads = _whole("threads", threads, 0, 4096)
    _flag("samples", samples)
    _flag("queries", queries)
    if output is not None and not isinstance(output, (str, Path)):
        raise TypeError(f"output is {output!r}; give the path of a folder")
    if progress is not None and not isinstance(progress, bool) and not callable(progress):
        raise TypeError(f"progress is {progress!r}; give True, False, None or a function that takes a Progress")
    per_variant = _per_variant(policies, [name for name, _ in variants])
    jobs = [(name, checked, _makers(per_variant[name], checked)) for name, checked in variants]
    line = _ProgressLine() if progress is True or (progress is None and sys.stderr.isatty()) else None
    tell = line.draw if line else progress if callable(progress) else None
    on_progress = None if tell is None else (lambda *figures: tell(Progress(*figures)))
    folder = None if output is None else plain_text(str(output), "output")
    try:
        return core.run(jobs, replications, threads, bool(samples), bool(queries), folder, on_progress)
    finally:
        if line:
            line.erase()


def _per_variant(policies: Policies | Mapping[str, Policies] | None, variants: list[str]) -> dict[str, Policies]:
    """{model: policy} for each variant. Raises: ScenarioError for a variant that is not there."""
    given: Mapping[str, Any] = {} if policies is None else policies
    if not isinstance(given, Mapping):
        raise TypeError(f"policies are a dict {{model: policy}}, not {type(given).__name__}")
    if not any(isinstance(one, Mapping) for one in given.values()):
        return dict.fromkeys(variants, given)
    for name, one in given.items():
        if name not in variants:
            raise ScenarioError(f'policies: no variant "{name}"; {nearest(str(name), variants)}')
        if not isinstance(one, Mapping):
            raise TypeError(f"policies[{name!r}]: give {{model: policy}} for every variant, or {{model: policy}} alone")
    return {name: given.get(name, {}) for name in variants}


def _makers(policies: Policies, scenario: core.Scenario) -> dict[str, Callable[[], Any]]:
    """{model: make} of one variant. Raises: ScenarioError for a model that is not there or whose replicas are fixed."""
    makers = {}
    for model, source in policies.items():
        if model not in scenario.models:
            known = nearest(str(model), scenario.models)
            raise ScenarioError(f'policies: the scenario has no model "{model}"; {known}')
        if scenario.policy_of(model) == "fixed":
            raise ScenarioError(
                f"policies: {model} has a fixed number of replicas, so a policy could change nothing; give it limits: "
                f'scenario.set("scaling.{model}", {{"policy": "backlog_time", "target": "5s", "min": 1, "max": 8}})'
            )
        makers[model] = maker_of(source, model)
    return makers


def _whole(name: str, value: Any, least: int, most: int) -> int:
    try:
        number = operator.index(value)  # NumPy's whole numbers too
    except TypeError:
        raise TypeError(f"{name} is {value!r}; give a whole number") from None
    if isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}; give a whole number")
    if not least <= number <= most:
        raise ScenarioError(f"{name}: {number} is outside [{least}, {most}]")
    return number


def _flag(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}; give True or False")


class _ProgressLine:
    """One line on standard error, drawn over itself."""

    def __init__(self) -> None:
        self._width = 0

    def draw(self, progress: Progress) -> None:
        share = f"{progress.share:6.1%}, " if progress.share > 0 else ""
        runs = f", {progress.done} of {progress.total} runs" if progress.total > 1 else ""
        text = f"windtunnel: {share}{progress.queries:,} queries{runs}"[:79]
        print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def erase(self) -> None:
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
