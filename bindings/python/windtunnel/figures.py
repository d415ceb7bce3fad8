"""A part of a summary: figures under the names of the contract, as attributes, keys or paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from windtunnel.errors import ScenarioError, UnknownNameError


def nearest(word: str, known: list[str]) -> str:
    """`did you mean "x"? (known: x, y, z)`, or `known: x, y, z`; long lists are cut."""
    listed = (", ".join(known[:12]) + (", ..." if len(known) > 12 else "")) or "none"
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f'did you mean "{close[0]}"? (known: {listed})' if close else f"known: {listed}"


def split_path(path: str) -> list[str]:
    """The parts of a dotted path; a part in quotes may hold dots."""
    parts: list[str] = []
    rest = path
    while rest:
        if rest[0] in "\"'" and rest.find(rest[0], 1) > 0:
            end = rest.index(rest[0], 1)
            part, rest = rest[1:end], rest[end + 1 :]
            if rest and rest[0] != ".":
                break
            rest = rest[1:]
        else:
            part, _, rest = rest.partition(".")
        parts.append(part)
    if rest or not parts or not all(parts):
        raise ScenarioError(f'"{path}" is not a path; write totals.kills.oom, and quote a name with dots')
    return parts


class Figures(Mapping[str, Any]):
    """A read-only block of figures: `block.name`, `block["name"]` and `block["a.b.c"]` are the same figure.

    With replications a figure is the mean over them and `<name>_ci95` beside it the half-width of its 95 % interval.
    None where there is nothing to say.

    >>> import windtunnel as wt
    >>> kills = wt.run("scenarios/steady_mm1.yaml").totals.kills
    >>> kills.oom, kills["by_cause.device_full"]
    (0, 0)
    """

    __slots__ = ("_data", "_path")

    def __init__(self, data: Mapping[str, Any], path: str = "") -> None:
        object.__setattr__(self, "_data", data)
        object.__setattr__(self, "_path", path)

    def _child(self, name: str) -> Any:
        value = self._data[name]
        if isinstance(value, dict):
            return Figures(value, f"{self._path}.{name}" if self._path else name)
        return value

    def _no(self, name: str) -> str:
        return f'{self._path or "the summary"} has no "{name}"; {nearest(name, list(self._data))}'

    def __getitem__(self, path: str) -> Any:
        """The figure at a path. Raises: UnknownNameError naming the nearest known one."""
        if not isinstance(path, str):
            raise TypeError(f"{path!r} is no path; write a name or a dotted path, such as \"totals.kills.oom\"")
        if path in self._data:
            return self._child(path)
        at: Any = self
        above = ""
        for part in split_path(path):
            if isinstance(at, list) and part.isdigit() and int(part) < len(at):
                at = Figures(at[int(part)], path) if isinstance(at[int(part)], dict) else at[int(part)]
            elif isinstance(at, Figures):
                if part not in at._data:
                    raise UnknownNameError(at._no(part))
                at = at._child(part)
            elif isinstance(at, list):
                raise UnknownNameError(f'"{path}": "{part}" is no index into {above}, which has {len(at)} entries')
            else:
                raise UnknownNameError(f'"{path}": {above} is a figure; there is no "{part}" below it')
            above = part
        return at

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._data:
            raise AttributeError(self._no(name))
        return self._child(name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("figures of a result cannot be changed")

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *(name for name in self._data if name.isidentifier())])

    def __repr__(self) -> str:
        return f"<{self._path or 'summary'}: {', '.join(f'{k}={_short(v)}' for k, v in self._data.items())}>"

    def __getstate__(self) -> tuple[Mapping[str, Any], str]:
        return self._data, self._path

    def __setstate__(self, state: tuple[Mapping[str, Any], str]) -> None:
        object.__setattr__(self, "_data", state[0])
        object.__setattr__(self, "_path", state[1])


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "{...}"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
