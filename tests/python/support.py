"""What the tests share: where things are, and how to run the command line or another interpreter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import windtunnel as wt

ROOT = Path(__file__).resolve().parents[2]
MM1 = ROOT / "scenarios/steady_mm1.yaml"
POLICIES = ROOT / "scenarios/three_policies.yaml"
ROOM = ROOT / "scenarios/room_pipeline.yaml"
PACKAGE = Path(wt.__file__).resolve().parent
SHORT = {"horizon": "20m", "warm_up": "2m"}


def program():
    """The command line of the same build."""
    return os.environ.get("WINDTUNNEL_PROGRAM", str(PACKAGE.parents[1] / "bin/windtunnel"))


def command_line(*arguments):
    """What it prints as JSON."""
    command = [program(), *map(str, arguments), "--format", "json", "--quiet"]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def start_python(code, **more):
    """A fresh interpreter running `code`, its standard error piped."""
    return subprocess.Popen([sys.executable, "-B", "-c", code], cwd=ROOT, stderr=subprocess.PIPE, text=True, **more)


def without_engine(summary):
    """A summary without its wall-clock fields, which alone may differ between two runs."""
    return {name: value for name, value in summary.items() if name != "engine"}


def deciding(decide, **attributes):
    """A policy class around a function of what is seen."""
    return type("Mine", (wt.Policy,), {"decide": lambda self, seen: decide(seen), **attributes})
