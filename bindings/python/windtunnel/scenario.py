"""Scenarios: read, looked at and changed by path, checked every time."""

from __future__ import annotations

import json
import operator
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from windtunnel._native import core
from windtunnel.errors import ScenarioError

Settings = Mapping[str, Any]


def load(path: str | Path) -> Scenario:
    """Reads and checks a scenario file.

    Raises: ScenarioError with every problem of the file, each with file, line, path, value, rule and way out.

    >>> import windtunnel as wt
    >>> wt.load("scenarios/steady_mm1.yaml").name
    'steady_mm1'
    """
    if not isinstance(path, (str, Path)):
        raise TypeError(f"load() takes the path of a scenario file, not {type(path).__name__}")
    plain_text(str(path), "load()")
    file = Path(path)
    return Scenario._of(core.read_scenario_file(str(file)), str(file), str(file.parent), [])


def plain_text(text: str, place: str) -> str:
    """The text itself. Raises: ScenarioError when it holds what no file and no path can."""
    if re.search("[\x00\ud800-\udfff]", text):
        raise ScenarioError(f"{place}: {ascii(text)[:200]} holds a NUL or a lone surrogate; write it in plain Unicode")
    return text


def yaml_text(value: Any, path: str) -> str:
    """A value as YAML (which JSON is). Raises: ScenarioError for what a scenario file cannot hold."""

    def refuse(part: Any) -> int:
        try:
            return operator.index(part)  # NumPy's whole numbers
        except TypeError:
            pass
        raise ScenarioError(
            f"{path}: {type(part).__name__} cannot stand in a scenario; give text, a number, True or False, a list or "
            'a dict, and quantities as text: "5s", "16GiB"'
        )

    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, default=refuse)
    except ScenarioError:  # of refuse(): a ValueError too
        raise
    except RecursionError:
        raise ScenarioError(f"{path}: lists and dicts in one another too deep for a scenario; flatten them") from None
    except ValueError as error:
        if "ircular" in str(error):
            raise ScenarioError(f"{path}: a list or dict that holds itself; give each its own copy") from None
        way_out = 'give a number or a quantity such as "5s"'
        raise ScenarioError(f"{path}: {value!r} is no finite number; {way_out}") from None
    except TypeError as error:  # a key that is no text
        raise ScenarioError(f"{path}: {error}; keys of a scenario are text") from None
    # json writes a NUL as an escape, which an even number of backslashes may precede
    return plain_text(re.sub(r"(?<!\\)((?:\\\\)*)\\u0000", "\\1\0", text), path)


def _check_setting(path: Any, value: Any) -> None:
    if not isinstance(path, str):
        raise TypeError(f"{path!r} is no path; write text such as \"scaling.quality.target\"")
    if value is None:
        raise ScenarioError(
            f"{plain_text(path, 'set')}: None is no value of a scenario; give text, a number, True or False, a list or "
            "a dict. For its default start from a scenario that does not have it: settings take nothing away"
        )


class _NotGiven:
    """Stands for a value that was left out, which None does not."""


class Scenario:
    """A checked scenario. It always holds a valid one: a change that would break it raises and changes nothing.

    Made from YAML text or from the same as a dict; `load` reads a file.

    >>> import windtunnel as wt
    >>> scenario = wt.load("scenarios/steady_mm1.yaml")
    >>> scenario.set("workload.0.arrivals.rate", "0.5/s").get("workload.0.arrivals.rate")
    '0.5/s'
    """

    _text: str
    _file: str
    _folder: str
    _settings: list[tuple[str, str]]
    _checked: core.Scenario

    def __init__(self, source: str | Mapping[str, Any], *, folder: str | Path = ".") -> None:
        """Checks a scenario given as YAML text or as a dict.

        folder: what paths of trace files are relative to.
        Raises: ScenarioError with all problems; TypeError for something that is neither.
        """
        if isinstance(source, Mapping):
            source = yaml_text(dict(source), "scenario")
        elif isinstance(source, str):
            plain_text(source, "scenario")
        if not isinstance(source, str):
            raise TypeError(f"a scenario is YAML text or a dict, not {type(source).__name__}; load() reads a file")
        beside = plain_text(os.fspath(folder), "folder")
        self._text, self._file, self._folder, self._settings = source, "scenario", beside, []
        self._checked = core.parse_scenario(self._text, self._file, self._folder, [])

    @classmethod
    def _of(cls, text: str, file: str, folder: str, settings: list[tuple[str, str]]) -> Scenario:
        new = cls.__new__(cls)
        new._text, new._file, new._folder, new._settings = text, file, folder, settings
        new._checked = core.parse_scenario(text, file, folder, settings)
        return new

    @classmethod
    def _of_checked(cls, checked: core.Scenario, beside: Scenario) -> Scenario:
        """What the core made of `beside`, a variant of it, as a scenario of its own."""
        new = cls.__new__(cls)
        file = f"{beside._file}, resolved"  # whose lines are other ones
        new._text, new._file, new._folder, new._settings = checked.resolved, file, beside._folder, []
        new._checked = checked
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._of, (self._text, self._file, self._folder, list(self._settings))

    @property
    def name(self) -> str:
        """As the file says, or the file's name."""
        return self._checked.name

    @property
    def models(self) -> list[str]:
        """Names of the models, copies included."""
        return self._checked.models

    @property
    def pipelines(self) -> list[str]:
        """Names of the pipelines."""
        return self._checked.pipelines

    @property
    def variants(self) -> list[str]:
        """Names of the variants of its `compare` block."""
        return self._checked.variants

    def get(self, path: str = "") -> Any:
        """What stands at a path, defaults filled in: text, number, bool, list or dict. Quantities are text ("5s").

        path: dotted, list indices are numbers, a name that holds dots is quoted; empty for the whole scenario.
        Raises: ScenarioError naming the nearest known key.

        >>> import windtunnel as wt
        >>> wt.load("scenarios/steady_mm1.yaml").get("horizon")
        '2h'
        """
        if not isinstance(path, str):
            raise TypeError(f"a path is text such as \"scaling.quality.target\", not {type(path).__name__}")
        return json.loads(core.value_at(self._checked.resolved, plain_text(path, "get")))

    def set(self, path: str | Settings, value: Any = _NotGiven) -> Scenario:
        """Lays a setting over the scenario, or several at once from a dict of paths. Returns the scenario itself.

        Raises: ScenarioError when the path leads nowhere or the scenario would not be valid any more; it is unchanged.

        >>> import windtunnel as wt
        >>> scenario = wt.load("scenarios/three_policies.yaml")
        >>> scenario.set({"scaling.quality.min": 2, "scaling.quality.max": 8}).get("scaling.quality.max")
        8
        """
        if isinstance(path, str) and value is _NotGiven:
            raise TypeError(f"set({path!r}) needs a value too: set({path!r}, value), or a dict of paths")
        if not isinstance(path, str) and value is not _NotGiven:
            raise TypeError(f"{path!r} is no path; write set(path, value), or a dict of paths alone")
        changed = self.with_settings({path: value} if isinstance(path, str) else path)
        self._settings, self._checked = changed._settings, changed._checked
        return self

    def with_settings(self, settings: Settings) -> Scenario:
        """A copy with settings laid over it; the scenario itself stays as it is. Raises: as `set`."""
        if not isinstance(settings, Mapping):
            raise TypeError(f"settings are a dict of paths, not {type(settings).__name__}")
        for path, value in settings.items():
            _check_setting(path, value)
        added = [(plain_text(path, "set"), yaml_text(value, path)) for path, value in settings.items()]
        return Scenario._of(self._text, self._file, self._folder, [*self._settings, *added])

    def copy(self) -> Scenario:
        """An independent copy."""
        return self.with_settings({})

    def to_yaml(self, *, resolved: bool = False) -> str:
        """The scenario as YAML: as written with what was set, or (`resolved`) with every default filled in.

        >>> import windtunnel as wt
        >>> scenario = wt.load("scenarios/steady_mm1.yaml")
        >>> wt.Scenario(scenario.to_yaml(resolved=True)).get() == scenario.get()
        True
        """
        return self._checked.resolved if resolved else core.laid_over(self._text, self._file, self._settings)

    def _variants(self) -> Sequence[tuple[str, core.Scenario]]:
        return core.parse_variants(self._text, self._file, self._folder, self._settings)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: models {', '.join(self.models)}; digest {self._checked.digest}>"
