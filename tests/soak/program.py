"""The command line as a user has it: run within a time, stopped at a given moment, watched while it works."""
import json
import os
import re
import shlex
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The second before the handler is set and after the files are written, where a shell says 130 as well.
INTERRUPTED = (130, -signal.SIGINT)


def not_json(name):
    raise ValueError(f"{name} in the summary")


@dataclass
class Finished:
    code: int | None  # None: it was ended for its time
    out: str
    err: str

    def summary(self):
        """What `--format json` printed, strictly: NaN and infinities are no JSON."""
        return json.loads(self.out, parse_constant=not_json)


class Program:
    def __init__(self, binary):
        self.binary = str(binary)

    def run(self, *arguments, limit_s=60.0):
        process = self._start(arguments)
        try:
            out, err = process.communicate(timeout=limit_s)
            return Finished(process.returncode, out, err)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Finished(None, out, err)

    def interrupted(self, *arguments, after_s, limit_s=60.0):
        """SIGINT after so many seconds, wherever it is then."""
        process = self._start(arguments)
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=limit_s)
            return Finished(process.returncode, out, err)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return Finished(None, "", "")

    def watched(self, *arguments, every_s=0.5):
        """Runs to its end; also its resident bytes from time to time."""
        resident = []
        # Files: a pipe that nobody reads fills up.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            process = self._start(arguments, out, err)
            while process.poll() is None:
                resident.append(resident_bytes(process.pid))
                time.sleep(every_s)
            out.seek(0)
            err.seek(0)
            return Finished(process.returncode, out.read(), err.read()), [r for r in resident if r is not None]

    def _start(self, arguments, out=subprocess.PIPE, err=subprocess.PIPE):
        return subprocess.Popen([self.binary, *map(str, arguments)], cwd=ROOT, stdout=out, stderr=err, text=True,
                                env={**os.environ, "LC_ALL": "C.UTF-8"})


def resident_bytes(pid):
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def command_text(*arguments):
    """A line that repeats it."""
    return shlex.join(["./run", "windtunnel", *map(str, arguments)])
