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


def circular():
    one = {}
    one["one"] = one
    return one


def deep():
    one = {}
    for _ in range(100_000):
        one = {"one": one}
    return one


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
    "set None": (lambda: load().set("horizon", None), SCENARIO, "horizon: None is no value of a scenario; give text"),
    "set without a value": (lambda: load().set("horizon"), TYPE, "set('horizon') needs a value too"),
    "set a dict and a value": (lambda: load().set({"horizon": "1h"}, 3), TYPE, "write set(path, value), or a dict"),
    "set a surrogate": (lambda: load().set("name", "\ud800"), SCENARIO, "name: '\"\\ud800\"' holds a NUL or a lone"),
    "set a NUL": (lambda: load().set("name", "a\0"), SCENARIO, "name: '\"a\\x00\"' holds a NUL"),
    "set a NUL after backslashes": (lambda: load().set("name", "a\\\0"), SCENARIO, "holds a NUL"),
    "set at a surrogate": (lambda: load().set("\ud800", 1), SCENARIO, "set: '\\ud800' holds"),
    "set None at a surrogate": (lambda: load().set("\ud800", None), SCENARIO, "set: '\\ud800' holds"),
    "get a surrogate": (lambda: load().get("a\ud800"), SCENARIO, "get: 'a\\ud800' holds"),
    "text with a surrogate": (lambda: wt.Scenario("name: \ud800"), SCENARIO, "scenario: 'name: \\ud800' holds"),
    "a folder with a NUL": (lambda: wt.Scenario("", folder="a\0"), SCENARIO, "folder: 'a\\x00' holds"),
    "load a surrogate": (lambda: wt.load("\udcff.yaml"), SCENARIO, "load(): '\\udcff.yaml' holds"),
    "load a NUL": (lambda: wt.load("a\0.yaml"), SCENARIO, "load(): 'a\\x00.yaml' holds"),
    "output with a NUL": (lambda: wt.run(MM1, output="a\0"), SCENARIO, "output: 'a\\x00' holds"),
    "set what holds itself": (lambda: load().set("scaling", circular()), SCENARIO, "scaling: a list or dict that"),
    "set what is deep": (lambda: load().set("scaling", deep()), SCENARIO, "scaling: lists and dicts in one"),
    "check nobody": (lambda: wt.check(POLICIES, variant="quue depth"), SCENARIO, 'did you mean "queue depth"?'),
    "check a number": (lambda: wt.check(POLICIES, variant=3), TYPE, "variant is 3; give the name of an entry"),
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


def test_a_backslash_before_u0000_is_no_nul():
    assert load().set("name", "a\\u0000").name == "a\\u0000"


def test_numpys_whole_numbers_are_whole_numbers():
    numpy = pytest.importorskip("numpy")
    scenario = wt.load(POLICIES).set("scaling.quality.max", numpy.int64(5))
    assert scenario.get("scaling.quality.max") == 5
    result = wt.run(scenario, set={"horizon": "5m", "warm_up": "1m"}, seed=numpy.uint32(9), replications=numpy.int8(2),
                    threads=numpy.int64(1))
    assert result.seed == 9 and result.replications == 2
