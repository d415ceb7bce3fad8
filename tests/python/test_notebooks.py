"""Notebooks: stored without output, run from a clean kernel, and what they say about their variables is so."""

import json
import math
import re
import time

import pytest
from support import ROOT

pytest.importorskip("nbclient", reason="install python3-nbclient, python3-nbformat and python3-ipykernel")

import nbformat
import numpy
from notebook_runner import FOLDER, execute, pictures, read, text

NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))


@pytest.fixture(autouse=True)
def clean_kernel(monkeypatch, tmp_path):
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel's own shows pictures
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Outputs of each notebook by name, and how long it took."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MPLBACKEND", raising=False)
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        done = {}
        for name in NAMES:
            began = time.monotonic()
            done[name] = (execute(read(name)), time.monotonic() - began)
        return done


def changed(name, **variables):
    """The outputs with other values in the cell of parameters."""
    notebook = read(name)
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    for variable, value in variables.items():
        lines = [line for line in cell.source.splitlines() if line.startswith(f"{variable} = ")]
        assert len(lines) == 1, variable
        cell.source = cell.source.replace(lines[0], f"{variable} = {value!r}")
    return execute(notebook)


def test_both_notebooks_are_here():
    assert NAMES == ["which_sharing_mode.ipynb", "your_own_policy.ipynb"]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_stored_without_output(name):
    notebook = json.loads((FOLDER / name).read_text())
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None, cell["id"]
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    nbformat.validate(read(name))
    assert str(ROOT) not in (FOLDER / name).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_from_a_clean_kernel_within_a_minute(executed, name):
    outputs, took = executed[name]
    assert took < 60
    assert sum(len(pictures(one)) for one in outputs.values()) >= 3
    assert not [o for one in outputs.values() for o in one if o.get("name") == "stderr"]


def test_it_runs_from_the_source_root_too():
    assert pictures(execute(read("which_sharing_mode.ipynb"), ROOT)["mine-plot"])


@pytest.mark.parametrize("variables", [
    {"SHARING_MODE": "hard_limit"}, {"SHARERS": 4}, {"TARGET": "20s"},
])
def test_the_variables_at_the_top_move_the_plot(executed, variables):
    before, after = executed["which_sharing_mode.ipynb"][0], changed("which_sharing_mode.ipynb", **variables)
    assert pictures(before["mine-plot"]) != pictures(after["mine-plot"])
    assert len(pictures(before["mine-plot"])) == len(pictures(after["mine-plot"])) == 1
    assert pictures(before["compare-plot"]) == pictures(after["compare-plot"])  # and nothing else does


@pytest.mark.parametrize("variables", [{"TARGET_S": 6.0}, {"UTILIZATION": 0.4}])
def test_the_policys_variables_move_its_plot(executed, variables):
    before, after = executed["your_own_policy.ipynb"][0], changed("your_own_policy.ipynb", **variables)
    assert pictures(before["compare-plot"]) != pictures(after["compare-plot"])


def test_what_the_text_says_of_the_kills_is_what_the_ledger_says(executed):
    outputs = executed["which_sharing_mode.ipynb"][0]
    hard, sliced = text(outputs["ledger-check"]), text(outputs["ledger-sliced"])
    assert re.search(r"^(\d+) of \1 kills: own \+ asked is above the limit; killed models: cond$", hard, re.M)
    assert "so 3.0 kills for each" in hard  # delivered three times
    need, limit = re.search(r"own \+ asked when killed: ([\d.]+) to \1 GiB, limit ([\d.]+) GiB", hard).groups()
    assert float(need) > float(limit)
    full, kills = re.search(r"^(\d+) of (\d+) kills: the card was full$", sliced, re.M).groups()
    assert 0.9 * int(kills) <= int(full) <= int(kills)  # but for servers that hung


def test_the_policys_mistakes_are_shown_and_fail_no_cell(executed):
    outputs = executed["your_own_policy.ipynb"][0]
    assert "policy Careless for quality decided 14." in text(outputs["mistake-nan"])
    shown = text(outputs["mistake-raise"])
    assert "policy Misspelt for quality raised AttributeError" in shown
    assert "return math.ceil(seen.backlogg)" in shown  # the user's own line


@pytest.mark.parametrize("runs, t", [(2, 12.7062), (3, 4.30265), (5, 2.77645), (20, 2.09302), (1000, 1.96234)])
def test_the_interval_is_of_as_many_runs_as_there_are(runs, t):
    """Against tables of Student's t."""
    source = next(cell.source for cell in read("your_own_policy.ipynb").cells if "def students_t" in cell.source)
    names = {"math": math, "np": numpy}
    exec(source[source.index("def students_t"):source.index("def both")], names)
    assert names["students_t"](runs) == pytest.approx(t, abs=1e-4)
    assert "students_t(len(differences)) * differences.std()" in source


def test_fewer_replications_give_other_intervals(executed):
    before, after = executed["your_own_policy.ipynb"][0], changed("your_own_policy.ipynb", REPLICATIONS=3)
    cell = next(cell.id for cell in read("your_own_policy.ipynb").cells if "def students_t" in cell.source)
    assert "95 % interval from" in text(after[cell]) and text(before[cell]) != text(after[cell])
