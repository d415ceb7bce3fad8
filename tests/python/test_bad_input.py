"""Bad input: one clear message each, of a kind a caller can catch."""

import math

import pytest
import windtunnel as wt
from support import MM1, POLICIES

SCENARIO, TYPE, UNKNOWN = wt.ScenarioError, TypeError, wt.UnknownNameError


def load():
    return wt.load(MM1)


@pytest.fixture(scope="module")
def result():
    return wt.run(MM1)


CASES = {
    "no such file": (lambda: wt.load("nope.yaml"), SCENARIO, "nope.yaml: no such file"),
    "a folder": (lambda: wt.load("scenarios"), SCENARIO, "is a folder; name a scenario file in it"),
    "a number to load": (lambda: wt.load(3), TYPE, "load() takes the path of a scenario file, not int"),
    "nothing to load": (lambda: wt.load(None), TYPE, "not NoneType"),
    "bytes as a scenario": (lambda: wt.Scenario(b"schema: 1"), TYPE, "a scenario is YAML text or a dict, not bytes"),
    "no YAML": (lambda: wt.Scenario("{[}"), SCENARIO, "is not YAML"),
    "an empty document": (lambda: wt.Scenario(""), SCENARIO, "scenario"),
    "an object in a dict": (lambda: wt.Scenario({"schema": object()}), SCENARIO, "object cannot stand in a scenario"),
    "a tuple as a key": (lambda: wt.Scenario({(1, 2): 3}), SCENARIO, "keys of a scenario are text"),
    "get unknown": (lambda: load().get("workload.0.arivals.rate"), SCENARIO, 'did you mean "arrivals"?'),
    "get beyond a list": (lambda: load().get("workload.7"), SCENARIO, '"7" is no index into workload'),
    "get no path": (lambda: load().get("workload..rate"), SCENARIO, "is not a path"),
    "get a number": (lambda: load().get(0), TYPE, "a path is text"),
    "set unknown": (lambda: load().set("workload.0.arivals.rate", "1/s"), SCENARIO, 'did you mean "arrivals"?'),
    "set without a unit": (lambda: load().set("horizon", 5), SCENARIO, "horizon"),
    "set nan inside": (lambda: load().set("workload.0", {"a": [math.nan]}), SCENARIO, "no finite number"),
    "set nan": (lambda: load().set("horizon", math.nan), SCENARIO, "horizon: nan is no finite number"),
    "set an object": (lambda: load().set("horizon", object()), SCENARIO, "horizon: object cannot stand in a scenario"),
    "set a number": (lambda: load().set(5), TYPE, "settings are a dict of paths, not int"),
    "set numbered paths": (lambda: load().set({5: "1h"}), TYPE, "5 is no path"),
    "run nothing": (lambda: wt.run(None), TYPE, "give a Scenario or the path of a file, not NoneType"),
    "run a dict": (lambda: wt.run({"schema": 1}), TYPE, "give a Scenario or the path of a file, not dict"),
    "run with text as settings": (lambda: wt.run(MM1, set="horizon=5m"), TYPE, "set is a dict of paths"),
    "run with an unknown setting": (lambda: wt.run(MM1, set={"horizn": "1h"}), SCENARIO, 'did you mean "horizon"?'),
    "seed as text": (lambda: wt.run(MM1, seed="x"), SCENARIO, "not a whole number"),
    "negative seed": (lambda: wt.run(MM1, seed=-1), SCENARIO, "seed: -1 is outside [0, 9007199254740992]"),
    "negative replications": (lambda: wt.run(MM1, replications=-1), SCENARIO, "-1 is outside [1, 100000]"),
    "no replications": (lambda: wt.run(MM1, replications=0), SCENARIO, "replications: 0 is outside [1, 100000]"),
    "half replications": (lambda: wt.run(MM1, replications=2.5), TYPE, "replications is 2.5; give a whole number"),
    "true replications": (lambda: wt.run(MM1, replications=True), TYPE, "replications is True"),
    "negative threads": (lambda: wt.run(MM1, threads=-1), SCENARIO, "threads: -1 is outside [0, 4096]"),
    "samples as text": (lambda: wt.run(MM1, samples="no"), TYPE, "samples is 'no'; give True or False"),
    "queries as a number": (lambda: wt.run(MM1, queries=100), TYPE, "queries is 100; give True or False"),
    "progress as text": (lambda: wt.run(MM1, progress="yes"), TYPE, "progress is 'yes'"),
    "output as a number": (lambda: wt.run(MM1, output=3), TYPE, "output is 3; give the path of a folder"),
    "an unknown argument": (lambda: wt.run(MM1, replicas=3), TYPE, "replicas"),
    "max below min": (lambda: wt.run(POLICIES, set={"scaling.quality.max": 0}), SCENARIO, "max"),
}
OF_A_RESULT = {
    "quantile of nobody": (lambda r: r.quantile("qualty", 0.5), UNKNOWN, 'did you mean "quality"?'),
    "quantile of nothing": (lambda r: r.quantile("quality", 0.5, "respons_time_s"), UNKNOWN, '"response_time_s"?'),
    "quantile in percent": (lambda r: r.quantile("quality", 95), SCENARIO, "outside [0, 1]; 95 % is written 0.95"),
    "quantile of nan": (lambda r: r.quantile("quality", math.nan), SCENARIO, "level: nan is outside [0, 1]"),
    "quantile as text": (lambda r: r.quantile("quality", "p95"), TYPE, "level is 'p95'; give a number in [0, 1]"),
    "histogram of nobody": (lambda r: r.histogram("x"), UNKNOWN, 'no model or pipeline "x"; known: quality'),
    "a number as a path": (lambda r: r[3], TYPE, "3 is no path"),
}


def check(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)
    assert "Traceback" not in str(caught.value) and "_core" not in str(caught.value)


@pytest.mark.parametrize("case", CASES)
def test_bad_input_says_what_and_how_to_mend_it(case):
    check(*CASES[case])


@pytest.mark.parametrize("case", OF_A_RESULT)
def test_a_bad_question_to_a_result_says_what_and_how_to_mend_it(result, case):
    call, kind, message = OF_A_RESULT[case]
    check(lambda: call(result), kind, message)


def test_all_errors_of_input_are_value_errors():
    assert issubclass(SCENARIO, ValueError) and issubclass(UNKNOWN, (SCENARIO, KeyError))
    assert not issubclass(wt.PolicyError, ValueError)
