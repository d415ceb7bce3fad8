"""A package without its compiled part says how to build it."""

import os
import shutil
import subprocess
import sys

import pytest
from support import PACKAGE


@pytest.mark.parametrize("broken", [False, True])
def test_a_missing_or_broken_extension_says_how_to_build_it(tmp_path, broken):
    shutil.copytree(PACKAGE, tmp_path / "windtunnel", ignore=shutil.ignore_patterns("_core*.so", "__pycache__"))
    if broken:  # as one built for another machine
        (tmp_path / "windtunnel/_core.so").write_bytes(b"not a library")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-B", "-c", "import windtunnel"], env=env, cwd=tmp_path, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: windtunnel: the compiled part (windtunnel._core) cannot be loaded by")
    assert sys.executable in last and "./run python" in last and "pip install ." in last
