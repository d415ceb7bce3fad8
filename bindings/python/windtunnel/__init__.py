"""windtunnel: a wind tunnel for autoscaling policies of GPU inference.

Loads a scenario, runs it, and shows who was killed for memory, how long queries took and what it cost:

>>> import windtunnel as wt
>>> scenario = wt.load("scenarios/steady_mm1.yaml")
>>> result = wt.run(scenario)
>>> 0 < result.models["quality"].response_time_s.p95 < 60
True

Seconds, bytes and USD everywhere; shares lie in [0, 1]. What a figure means: docs/metrics.md.
"""

from windtunnel._native import __version__
from windtunnel.comparison import Comparison
from windtunnel.errors import PolicyError, ScenarioError, UnknownNameError
from windtunnel.figures import Figures
from windtunnel.kills import Kill, Kills
from windtunnel.policy import Decision, Observation, Policy
from windtunnel.result import Result
from windtunnel.running import Progress, compare, run
from windtunnel.scenario import Scenario, load
from windtunnel.tables import Table, TimeSeries
from windtunnel.verdict import Verdict, check

__all__ = [
    "Comparison",
    "Decision",
    "Figures",
    "Kill",
    "Kills",
    "Observation",
    "Policy",
    "PolicyError",
    "Progress",
    "Result",
    "Scenario",
    "ScenarioError",
    "Table",
    "TimeSeries",
    "UnknownNameError",
    "Verdict",
    "__version__",
    "check",
    "compare",
    "load",
    "run",
]
