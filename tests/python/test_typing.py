"""The package is typed through and through, and its types reach a user's checker."""

import re
import importlib.util
import os
import shutil
import subprocess
import sys

import pytest
from support import PACKAGE, ROOT

USE = """
import windtunnel as wt

class Mine(wt.Policy):
    def decide(self, seen: wt.Observation) -> int | wt.Decision:
        return wt.Decision(3) if seen.backlog > 1 else 1

result: wt.Result = wt.run("x.yaml", policies={"quality": Mine}, set={"horizon": "1h"})
times: float | None = result.quantile("quality", 0.95)
"""


@pytest.fixture(scope="module")
def mypy(tmp_path_factory):
    if importlib.util.find_spec("mypy") is None and shutil.which("mypy") is None:
        pytest.skip("mypy is not installed: install mypy (Debian) or `pip install mypy`")
    command = [sys.executable, "-m", "mypy"] if importlib.util.find_spec("mypy") else [shutil.which("mypy")]
    cache = tmp_path_factory.mktemp("mypy")

    def check(*arguments):
        env = {**os.environ, "MYPYPATH": str(PACKAGE.parent)}
        env.pop("PYTHONPATH", None)
        options = ["--cache-dir", cache, "--python-executable", sys.executable]
        options += ["--config-file", ROOT / "pyproject.toml"]
        return subprocess.run([*command, *options, *arguments], env=env, capture_output=True, text=True, check=False)

    return check


def test_the_package_passes_strict_mypy(mypy):
    done = mypy("-p", "windtunnel")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"no issues found in \d\d source files", done.stdout)


def test_a_users_code_is_checked_against_the_package(mypy, tmp_path):
    (tmp_path / "use.py").write_text(USE)
    done = mypy(tmp_path / "use.py")
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "wrong.py").write_text(USE.replace("float | None", "str").replace('"x.yaml"', "3"))
    done = mypy(tmp_path / "wrong.py")
    assert "[assignment]" in done.stdout and "[arg-type]" in done.stdout


def test_the_package_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").exists()
