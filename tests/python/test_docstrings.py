"""Every example in a docstring of the package, and every block of docs/python.md, runs from the source root."""

import doctest
import importlib
import inspect
import pkgutil
import re

import pytest
import windtunnel as wt
from support import ROOT

NAMES = [info.name for info in pkgutil.iter_modules(wt.__path__) if info.name != "_core"]
MODULES = ["windtunnel", *(f"windtunnel.{name}" for name in NAMES)]


def examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    for module in MODULES:
        yield from (test for test in finder.find(importlib.import_module(module)) if test.examples)


@pytest.mark.parametrize("example", [pytest.param(test, id=test.name) for test in examples()])
def test_example_runs(example, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = []
    failed, tried = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=text.append)
    assert failed == 0 and tried > 0, "".join(text)


def test_what_people_start_with_has_an_example():
    names = {test.name.removeprefix("windtunnel.") for test in examples()}
    for start in ("running.run", "running.compare", "scenario.load", "scenario.Scenario", "scenario.Scenario.set",
                  "policy.Policy", "result.Result", "result.Result.quantile", "comparison.Comparison"):
        assert start in names


def test_every_public_name_has_a_docstring():
    for name in wt.__all__:
        thing = getattr(wt, name)
        assert name == "__version__" or inspect.getdoc(thing), name
        if inspect.isclass(thing) and thing.__module__ in MODULES:
            for member, value in vars(thing).items():
                public = not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
                assert not public or inspect.getdoc(value), f"{name}.{member}"


def test_the_blocks_of_the_page_run_from_top_to_bottom(monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/python.md").read_text(), re.M | re.S)
    names = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert len(blocks) >= 3 and isinstance(names["result"], wt.Result)


def test_the_page_names_every_public_name():
    page = (ROOT / "docs/python.md").read_text()
    assert [name for name in wt.__all__ if name not in page] == []
