"""The end of the interpreter while a daemon thread is inside a run: no crash, no files, no delay."""

import time

import pytest
from support import start_python

CODE = """
import sys, threading, time
import windtunnel as wt
class Mine(wt.Policy):
    def decide(self, seen):
        BODY
        return 2
def work():
    wt.run("scenarios/three_policies.yaml", set={"horizon": "4000d", "warm_up": "1d"}, policies={"quality": Mine},
           progress=lambda _: inside.set(), output=OUT, **HOW)
inside = threading.Event()
threading.Thread(target=work, daemon=True).start()
assert inside.wait(20)
"""
ONE, TWO = {"threads": 1}, {"threads": 2, "replications": 4}


def ending(code):
    """(exit code, standard error, seconds) of an interpreter."""
    process = start_python(code)
    try:
        began = time.monotonic()
        errors = process.communicate(timeout=40)[1]
        return process.returncode, errors, time.monotonic() - began
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("how", [ONE, TWO])
@pytest.mark.parametrize("body", ["pass", "time.sleep(0.01)"])
def test_a_daemon_thread_inside_a_run_is_ended_with_the_interpreter(tmp_path, how, body):
    code = CODE.replace("HOW", repr(how)).replace("BODY", body).replace("OUT", repr(str(tmp_path / "out")))
    status, errors, took = ending(code)
    assert (status, errors) == (0, "")
    assert took < 20
    assert list(tmp_path.iterdir()) == []


def test_a_hook_of_the_main_thread_may_still_run_after_that():
    hook = """
import atexit, sys
atexit.register(lambda: print(wt.run("scenarios/steady_mm1.yaml").seed, file=sys.stderr))
"""
    code = CODE.replace("HOW", repr(TWO)).replace("BODY", "pass").replace("OUT", "None")
    assert ending(hook + code)[:2] == (0, "1\n")


def test_a_fork_does_not_wait_for_the_runs_of_its_parent():
    forking = """
import os
child = os.fork()
if child == 0:
    sys.exit(7)  # with the hooks
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""
    code = CODE.replace("HOW", repr(TWO)).replace("BODY", "pass").replace("OUT", "None")
    assert ending(code + forking)[:2] == (0, "")
