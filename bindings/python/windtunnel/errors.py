"""What can go wrong with input."""

from __future__ import annotations


class ScenarioError(ValueError):
    """Something the user gave is wrong; the text is the command line's: place, value, rule, way out.

    All problems come at once, a line each.

    >>> import windtunnel as wt
    >>> try:
    ...     wt.Scenario({"schema": 1, "horizon": "1h"})
    ... except wt.ScenarioError as error:
    ...     print(len(error.problems) > 1)
    True
    """

    @property
    def problems(self) -> list[str]:
        """One line for each problem, in the order of the file."""
        return str(self).splitlines()


class UnknownNameError(ScenarioError, KeyError):
    """A name or path that is not there; the text names the nearest known one. Also a KeyError, as of any mapping."""

    __str__ = Exception.__str__  # KeyError's own would show the text in quotes


class PolicyError(RuntimeError):
    """A policy written in Python raised, or decided something that is no number of replicas.

    The text names the policy, the model and the simulated time; what the policy raised is the cause (`__cause__`), with
    its traceback.
    """
