"""Policies written in Python."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Type, Union

from windtunnel._native import core
from windtunnel.errors import PolicyError

Observation = core.Observation

_MOST_REPLICAS = 100_000


@dataclass(frozen=True)
class Decision:
    """How many replicas a policy wants, why, and the figure it compared with its target (for the log).

    The scenario's `min` and `max` of the model hold: the number is cut to them.
    """

    replicas: int
    reason: str = ""
    value: float = math.nan


class Policy:
    """A policy of your own: write `decide`, and pass it to `run(..., policies={"model": Mine})`.

    It decides at the `interval` of the model's `scaling` entry, between that entry's `min` and `max`, and sees what was
    scraped at its `scrape_interval`: what a real controller would know, when it would know it. Each run gets an object
    of its own (made from the class, or copied from an object you pass), so it may keep notes on `self`. Its `decide` is
    looked up once, when the run begins.

    >>> import math
    >>> import windtunnel as wt
    >>> class OnePerQuery(wt.Policy):
    ...     def decide(self, seen):
    ...         return math.ceil(seen.backlog)
    >>> result = wt.run("scenarios/three_policies.yaml", policies={"quality": OnePerQuery})
    >>> result.models.quality.replicas.max <= 12
    True
    """

    window_s: float = 60.0
    """Length of the window behind response_time_s, throughput_per_s and processing_time_s, seconds."""

    response_quantile: float | None = None
    """Quantile of the response time in (0, 1) that `seen.response_time_s` carries; None: the mean."""

    def decide(self, seen: Observation) -> int | Decision:
        """How many replicas there shall be. Figures of `seen` are NaN until there is something to make them of."""
        raise NotImplementedError(f"{type(self).__name__} has no decide(self, seen)")


PolicySource = Union[Policy, Type[Policy], Callable[[], Policy]]


def maker_of(source: PolicySource, model: str) -> Callable[[], Driver]:
    """What makes a fresh driver for each run. Raises: TypeError for something that is no policy."""
    if isinstance(source, Policy):
        pattern = _copied(source, model)  # what the caller does to it later changes no run
        return lambda: Driver(_copied(pattern, model), model)
    if isinstance(source, type) and not issubclass(source, Policy):
        name = source.__name__
        raise TypeError(f"policies[{model!r}]: {name} is no windtunnel.Policy; write class {name}(wt.Policy)")
    if not callable(source):
        raise TypeError(
            f"policies[{model!r}] is {type(source).__name__}; give a subclass of windtunnel.Policy, an object of one, "
            "or a function that makes one"
        )

    factory: Callable[[], Any] = source

    def make() -> Driver:
        try:
            policy = factory()
        except Exception as error:
            raise PolicyError(f"policies[{model!r}]: making it raised {_told(error)}") from error
        if not isinstance(policy, Policy):
            raise PolicyError(f"policies[{model!r}] made {type(policy).__name__}, which is no windtunnel.Policy")
        return Driver(policy, model)

    return make


def _copied(policy: Policy, model: str) -> Policy:
    try:
        return deepcopy(policy)
    except Exception as error:
        name = type(policy).__name__
        raise PolicyError(
            f"policies[{model!r}]: each run gets a copy of the object, and copying this {name} raised {_told(error)}; "
            f"give the class or a function that makes one: lambda: {name}(...)"
        ) from error


class Driver:
    """One policy of one run, as the simulation asks it: what is no plain whole number comes here to be checked."""

    def __init__(self, policy: Policy, model: str) -> None:
        self.policy, self._model = policy, model

    def needs(self) -> core.SignalNeeds:
        name = f"{type(self.policy).__name__} for {self._model}"
        try:
            return self._needs(name)
        except PolicyError:
            raise
        except Exception as error:
            raise PolicyError(f"{name}: what it asks to see raised {_told(error)}") from error

    def _needs(self, name: str) -> core.SignalNeeds:
        window, quantile = self.policy.window_s, self.policy.response_quantile
        if not _is_number(window) or not 0 < window < 1e9:
            raise PolicyError(f"{name}: window_s is {_shown(window)}; give seconds above 0")
        if quantile is not None and (not _is_number(quantile) or not 0 < quantile < 1):
            raise PolicyError(f"{name}: response_quantile is {_shown(quantile)}; give a number in (0, 1), 95 % is 0.95")
        return core.SignalNeeds(float(window), -1.0 if quantile is None else float(quantile))

    def failed(self, seen: Observation, error: Exception) -> Any:
        """Raises what the policy raised as the cause of an error that says where."""
        raise PolicyError(f"{self._where(seen)} raised {_told(error)}") from error

    def checked(self, seen: Observation, said: Any) -> tuple[int, str, float]:
        """(replicas, reason, value). Raises: PolicyError for what is no number of replicas."""
        try:
            decision = said if isinstance(said, Decision) else Decision(said)
            value = decision.value if _is_number(decision.value) else math.nan
            reason = str(decision.reason)
            reason.encode()  # a lone surrogate has no place in a file
            return self._whole(decision.replicas, seen), reason, float(value)
        except PolicyError:
            raise
        except Exception as error:  # of the objects it is made of
            way_out = "give whole replicas, a reason in plain text and a value that fits a float"
            raise PolicyError(f"{self._where(seen)}: reading its decision raised {_told(error)}; {way_out}") from error

    def _whole(self, replicas: Any, seen: Observation) -> int:
        if type(replicas) is int and 0 <= replicas <= _MOST_REPLICAS:
            return replicas
        way_out = f"return a whole number from 0 to {_MOST_REPLICAS}, or a windtunnel.Decision"
        if not _is_number(replicas):
            raise PolicyError(f"{self._where(seen)} decided {_shown(replicas)}, which is no number; {way_out}")
        if not isinstance(replicas, numbers.Integral) and not math.isfinite(replicas):
            raise PolicyError(
                f"{self._where(seen)} decided {_shown(replicas)}: figures that were not scraped yet are NaN, so check "
                f"with math.isnan before computing; {way_out}"
            )
        if replicas < 0 or replicas > _MOST_REPLICAS or replicas != int(replicas):
            rounding = " (math.ceil rounds up)" if replicas != int(replicas) else ""
            raise PolicyError(f"{self._where(seen)} decided {_shown(replicas)} replicas; {way_out}{rounding}")
        return int(replicas)

    def _where(self, seen: Observation) -> str:
        return f"at t={seen.now_s:.6g} s: policy {type(self.policy).__name__} for {self._model}"


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """Its repr, cut, or what can be said where that raises."""
    try:
        text = ascii(value) if not repr(value).isprintable() else repr(value)
    except Exception:
        return f"something of class {type(value).__name__} that cannot be shown"
    return text if len(text) <= 200 else text[:200] + "..."


def _told(error: Exception) -> str:
    """Kind and text of what was raised; an exception may fail at that too."""
    try:
        text = str(error).encode("utf-8", "backslashreplace").decode()
    except Exception:
        text = "(its text cannot be shown)"
    return f"{type(error).__name__}: {text}"
