"""_core.pyi says what the built module is, and the comparison would notice if it did not."""

import types

import pytest
from stub import differences, of_module, of_stub
from support import PACKAGE
from windtunnel import _core

TEXT = (PACKAGE / "_core.pyi").read_text()


def test_the_stub_is_the_module():
    assert list(differences(of_stub(TEXT), of_module(_core))) == []


def test_the_comparison_sees_classes_members_and_parameters():
    module = of_module(_core)
    assert module["Run.quantile"] == ["name", "of", "level"] and module["Observation.backlog"] is None
    assert module["run"][:3] == ["variants", "replications", "threads"] and module["Column.__len__"] == []
    assert module["SignalNeeds.__init__"] == ["window_s", "response_quantile"]
    assert len(module) > 40


@pytest.mark.parametrize("old, new, message", [
    ("def policy_of(self, model: str) -> str: ...", "", "Scenario.policy_of: in the module, not in the stub"),
    ("def table(self)", "def tables(self)", "Run.tables: in the stub, not in the module"),
    ("class SignalNeeds", "class SignalNeed", "SignalNeeds: in the module, not in the stub"),
    ("def compare_rows(", "def compare_row(", "compare_rows: in the module, not in the stub"),
    ("def value_at(text: str, path: str)", "def value_at(path: str, text: str)", "value_at: parameters ['path', '"),
    ("name: str, of: str, level: float", "name: str, of: str", "Run.quantile: parameters ['name', 'of']"),
    ("    @property\n    def digest", "    def digest", "Scenario.digest: parameters []"),
    ("__version__: str\n", "", "__version__: in the module, not in the stub"),
    ("__version__: str\n", "__version__: str\nextra: int\n", "extra: in the stub, not in the module"),
])
def test_a_doctored_stub_is_found_out(old, new, message):
    assert old in TEXT
    found = list(differences(of_stub(TEXT.replace(old, new, 1)), of_module(_core)))
    assert any(line.startswith(message) for line in found), found


def test_what_the_module_gains_or_loses_is_found_out():
    fatter, thinner = types.ModuleType("fatter"), types.ModuleType("thinner")
    vars(fatter).update(vars(_core), novelty=_core.run)
    vars(thinner).update({name: value for name, value in vars(_core).items() if name != "run"})
    assert list(differences(of_stub(TEXT), of_module(fatter))) == ["novelty: in the module, not in the stub"]
    assert list(differences(of_stub(TEXT), of_module(thinner))) == ["run: in the stub, not in the module"]
