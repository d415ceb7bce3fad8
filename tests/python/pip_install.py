#!/usr/bin/env python3
"""`pip install .` in a fresh environment, then a run from outside the checkout. Exit 77 (skipped) without an index."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = 77
SMOKE = """
import json, pathlib, windtunnel as wt
assert "site-packages" in wt.__file__, wt.__file__
assert (pathlib.Path(wt.__file__).parent / "py.typed").exists()
result = wt.run(wt.Scenario(pathlib.Path(r"{scenario}").read_text()))
assert result.totals.queries.completed > 0
print("windtunnel", wt.__version__, "installed and ran:", repr(result))
"""


def main():
    if os.environ.get("WINDTUNNEL_SKIP_WHEEL"):
        print("skipped: WINDTUNNEL_SKIP_WHEEL is set, as in the change gate: the wheel compiles everything again")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", f"{folder}/venv"], check=True)
        python = f"{folder}/venv/bin/python"
        asked = subprocess.run(
            [python, "-m", "pip", "download", "--quiet", "--no-deps", "--timeout", "10", "--retries", "1", "-d", folder,
             "scikit-build-core"], capture_output=True, text=True, check=False)
        if asked.returncode != 0:
            print(f"skipped: no Python package index can be reached: {asked.stderr.strip().splitlines()[-1:]}")
            return SKIPPED
        environment = dict(os.environ)
        environment.pop("PYTHONPATH", None)
        # Unoptimised: what is asked here is whether the package builds and installs, and that takes minutes already.
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT),
                        "--config-settings=cmake.define.CMAKE_CXX_FLAGS_RELEASE=-O0",
                        f"--config-settings=build-dir={ROOT}/build/wheel"], check=True, env=environment)
        scenario = ROOT / "scenarios" / "steady_mm1.yaml"
        subprocess.run([python, "-c", SMOKE.format(scenario=scenario)], check=True, cwd=folder, env=environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
