"""Around a run: progress, files, threads."""

import json
import os
import threading

import pytest
import windtunnel as wt
from support import MM1, POLICIES, ROOM, SHORT, deciding, start_python, without_engine

LONG = {"horizon": "3d", "warm_up": "1d"}


def test_progress_is_told_and_rises():
    told = []
    wt.run(POLICIES, set=LONG, replications=2, progress=told.append)
    assert len(told) >= 2 and all(isinstance(one, wt.Progress) for one in told)
    assert [one.share for one in told] == sorted(one.share for one in told)
    assert [one.queries for one in told] == sorted(one.queries for one in told)
    assert all(0 <= one.share <= 1 and one.total == 2 and 0 <= one.done <= 2 for one in told)
    assert told[-1].queries > 0


def test_what_a_progress_function_raises_ends_the_run_and_arrives(tmp_path):
    class Enough(Exception):
        pass

    def tell(progress):
        raise Enough(f"after {progress.done} runs")

    with pytest.raises(Enough, match="after"):
        wt.run(POLICIES, set={**LONG, "horizon": "4000d"}, progress=tell, output=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_progress_line_is_drawn_on_standard_error_and_erased(capfd):
    wt.run(POLICIES, set=LONG, progress=True)
    out, err = capfd.readouterr()
    assert out == "" and "windtunnel: " in err and "queries" in err
    assert err.endswith("\r") and "\n" not in err


def test_nothing_is_printed_where_nobody_asked(capfd):
    wt.run(POLICIES, set=LONG)
    wt.run(POLICIES, set=LONG, progress=False)
    assert capfd.readouterr() == ("", "")


def test_output_holds_the_summary_and_the_rest(tmp_path):
    result = wt.run(MM1, output=tmp_path / "out")
    written = {file.name for file in (tmp_path / "out").iterdir()}
    assert written == {"summary.json", "result.h5", "scenario.resolved.yaml"}
    stored = json.loads((tmp_path / "out/summary.json").read_text())
    assert without_engine(stored) == without_engine(result.summary)
    again = wt.run(tmp_path / "out/scenario.resolved.yaml")
    assert again.totals.queries.arrived == result.totals.queries.arrived


def test_a_comparisons_output_has_a_folder_for_each_variant(tmp_path):
    wt.compare(POLICIES, {"one": {}, "two": {}}, set=SHORT, output=tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"one", "two", "compare.json"}
    assert (tmp_path / "out/two/result.h5").stat().st_size > 0


@pytest.mark.parametrize("place, message", [
    ("a file", "is a file, not a folder"),
    ("missing/out", "does not exist; create it first"),
])
def test_a_place_that_cannot_be_written_is_found_before_anything_runs(tmp_path, place, message):
    (tmp_path / "a file").write_text("mine")
    calls = []

    def decide(seen):
        calls.append(seen.now_s)
        return 1

    with pytest.raises(wt.ScenarioError) as caught:
        wt.run(POLICIES, output=tmp_path / place, policies={"quality": deciding(decide)})
    assert message in str(caught.value) and str(tmp_path) in str(caught.value)
    assert calls == [] and [file.name for file in tmp_path.iterdir()] == ["a file"]
    assert (tmp_path / "a file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(wt.ScenarioError, match="cannot be"):
        wt.run(MM1, output=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import os, resource, sys
import windtunnel as wt
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))  # bytes: less than any of the files takes
try:
    wt.run("scenarios/steady_mm1.yaml", output=OUT)
except OSError as error:
    print("OSError:", error, os.listdir(OUT), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory):
    """Standard error and exit code of an interpreter whose writes fail in the end."""
    out = tmp_path_factory.mktemp("out")
    process = start_python(FULL_DISK.replace("OUT", repr(str(out))))
    return process.communicate(timeout=60)[1], process.returncode


def test_a_write_that_fails_at_the_end_is_an_os_error_and_leaves_nothing(full_disk):
    assert full_disk[0].startswith("OSError: ") and full_disk[0].rstrip().endswith("[]")


def test_the_interpreter_ends_well_after_a_failed_write(full_disk):
    assert full_disk[1] == 0


def test_two_threads_at_once_give_the_bytes_of_one_after_the_other():
    class Counts(wt.Policy):
        def __init__(self):
            self.n = 0

        def decide(self, seen):
            self.n += 1
            return 1 + self.n % 5

    jobs = [
        lambda: wt.run(ROOM, replications=2),
        lambda: wt.run(POLICIES, replications=4, policies={"quality": Counts}),
    ]
    alone = [json.dumps(without_engine(job().summary)) for job in jobs]
    together = [None, None]

    def work(i):
        together[i] = [json.dumps(without_engine(jobs[i]().summary)) for _ in range(3)]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert together == [[text] * 3 for text in alone]


def test_other_threads_go_on_while_a_run_goes():
    ticks, done = [], threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    wt.run(POLICIES, set={**LONG, "horizon": "3d"}, threads=1)
    done.set()
    thread.join()
    assert len(ticks) > 20
