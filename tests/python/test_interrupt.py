"""Ctrl-C: ends within two seconds, as KeyboardInterrupt, and nothing is left behind."""

import signal
import time

import pytest
from support import start_python

LONG = '{"horizon": "4000d", "warm_up": "1d"}'
PREAMBLE = """
import math, sys, time
import windtunnel as wt
class Slow(wt.Policy):
    def decide(self, seen):
        if seen.now_s > 1e4:
            BODY
        return 1
def tell(progress):
    print("running", file=sys.stderr, flush=True)
"""
FILE = "'scenarios/three_policies.yaml'"
CALLS = {
    "run": f"wt.run({FILE}, set={LONG}, output=OUT, progress=tell)",
    "one thread": f"wt.run({FILE}, set={LONG}, threads=1, output=OUT, progress=tell)",
    "replications": f"wt.run({FILE}, set={LONG}, replications=8, output=OUT, progress=tell)",
    "compare": f"wt.compare({FILE}, set={LONG}, output=OUT, progress=tell)",
    "policy": f"wt.run({FILE}, set={LONG}, policies={{'quality': Slow}}, output=OUT, progress=tell)",
}


@pytest.mark.parametrize("call, body", [
    *((call, "pass") for call in CALLS),
    ("policy", "sum(range(10_000))"),  # most of the time inside the policy
    ("policy", "time.sleep(0.05)"),
])
def test_ctrl_c_ends_a_run_cleanly_within_two_seconds(tmp_path, call, body):
    code = PREAMBLE.replace("BODY", body) + CALLS[call].replace("OUT", repr(str(tmp_path / "out")))
    process = start_python(code)
    try:
        assert process.stderr.readline() == "running\n"
        time.sleep(0.2)
        assert process.poll() is None
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        errors = process.communicate(timeout=20)[1]
        took = time.monotonic() - began
    finally:
        process.kill()
        process.wait()
    assert errors.strip().splitlines()[-1] == "KeyboardInterrupt", errors
    assert process.returncode == -signal.SIGINT
    assert took < 2
    assert list(tmp_path.iterdir()) == []


def test_the_interpreter_goes_on_after_ctrl_c():
    code = PREAMBLE.replace("BODY", "pass") + f"""
try:
    {CALLS["run"].replace("OUT", "None")}
except KeyboardInterrupt:
    result = wt.run("scenarios/steady_mm1.yaml")
    print("went on", result.totals.queries.arrived, file=sys.stderr)
"""
    process = start_python(code)
    try:
        assert process.stderr.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        assert "went on 4931" in process.communicate(timeout=20)[1]
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
