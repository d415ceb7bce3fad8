"""Kills, each with the ledger of its device and how it filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from windtunnel.tables import Coded, Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GIB = 2**30


@dataclass(frozen=True)
class Kill:
    """One kill. `print(kill)` says who held what on its device, and what was refused.

    `ledger` has a row for each replica on the device, the victim included: model, replica, context_bytes,
    weights_bytes (variants that were swapped in included), reserved_bytes (work memory and token pool), since_s (when
    it took or returned something last). It is empty of the kills after the first 200,000 rows of a run.

    `history` has the last changes of that ledger up to the refusal, oldest first, at most 32: at_s, model, replica,
    part (context, weights, variant, work, pool; process: all it had, it ended), refused (1: asked for and not granted),
    change_bytes (negative: returned), own_bytes and total_bytes (what that replica and the device held after it). Where
    the cause is host_ram_limit it is of the node's main memory (part: loading, serving or process), which `ledger` is not.
    `kill.plot()` draws it.
    """

    at_s: float
    model: str
    replica: int
    node: int
    gpu: int
    cause: str
    mechanism: str
    exit_code: int
    reason: str
    ledger_at_s: float
    """What the device figures and the ledger are of: at_s, or the refusal that wedged the replica."""
    asked_bytes: int
    own_used_bytes: int
    device_used_bytes: int
    device_size_bytes: int
    host_used_bytes: int
    host_limit_bytes: int
    sharers: int
    queries_lost: int
    culprit_model: str | None
    culprit_replica: int
    blast_radius: int
    ledger: Table
    history: Table

    def plot(self) -> Figure:
        """Who held what over the kill's history, stacked, and the request that was refused (cross).

        Returns: a matplotlib Figure. Raises: ImportError without matplotlib; ScenarioError where no history was kept
        (a replica that held nothing on an empty device, or after 200,000 rows)."""
        from windtunnel.plotting import plot_kill

        return plot_kill(self)

    def __str__(self) -> str:
        lines = [
            f"{self.at_s:.3f} s: {self.model}-{self.replica} killed on GPU {self.gpu} of node {self.node}: {self.cause}, "
            f"{self.mechanism}, exit code {self.exit_code} ({self.reason})",
            f"  asked for {_gib(self.asked_bytes)}, held {_gib(self.own_used_bytes)}; device "
            f"{_gib(self.device_used_bytes)} of {_gib(self.device_size_bytes)}",
        ]
        if self.ledger_at_s != self.at_s:
            lines.append(f"  wedged since {self.ledger_at_s:.3f} s, of which these figures are")
        rest = self.device_used_bytes
        columns = [self.ledger[name].tolist() for name in self.ledger]
        for model, replica, context, weights, reserved, since_s in zip(*columns, strict=True):
            held = context + weights + reserved
            rest -= held
            victim = " (the victim)" if (model, replica) == (self.model, self.replica) else ""
            lines.append(
                f"  {model}-{replica}{victim}: {_gib(held)} = context {_gib(context)} + weights {_gib(weights)} + "
                f"work {_gib(reserved)}, since {since_s:.3f} s"
            )
        if self.ledger.rows and rest > 0:
            lines.append(f"  driver: {_gib(rest)}")
        return "\n".join(lines)


class Kills(Table):
    """Columns as of any Table, and `kills[i]` the i-th kill as one Kill with its ledger; `kills[-1]` is the last."""

    def __init__(
        self, columns: Mapping[str, Column], ledger: Mapping[str, Column], history: Mapping[str, Column]
    ) -> None:
        super().__init__("kills", columns)
        self._ledger = dict(ledger)
        self._history = dict(history)

    @overload
    def __getitem__(self, name: str) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, name: int) -> Kill: ...
    def __getitem__(self, name: str | int) -> NDArray[Any] | Kill:
        """A column by its name, or one kill by its number.

        Raises: UnknownNameError, naming the nearest column; IndexError where there are no so many kills.
        """
        if not isinstance(name, (int, np.integer)):
            return super().__getitem__(name)
        row = int(name) + (self.rows if name < 0 else 0)
        if not 0 <= row < self.rows:
            raise IndexError(f"there are {self.rows} kills; kills[{int(name)}] is none of them")
        return Kill(
            **{key: _cell(column, row) for key, column in self._columns.items()},
            ledger=_rows_of("ledger", self._ledger, row),
            history=_rows_of("history", self._history, row),
        )


def _rows_of(name: str, columns: Mapping[str, Column], kill: int) -> Table:
    of = columns["kill"]
    assert isinstance(of, np.ndarray)
    begin, end = np.searchsorted(of, [kill, kill + 1])
    return Table(name, {key: _part(column, begin, end) for key, column in columns.items() if key != "kill"})


def _cell(column: Column, row: int) -> Any:
    if isinstance(column, Coded):
        code = int(column.codes[row])
        return column.names[code] if code >= 0 else None
    value = column[row]
    return value.item() if isinstance(value, np.generic) else value


def _part(column: Column, begin: int, end: int) -> Column:
    if isinstance(column, Coded):
        return Coded(column.codes[begin:end], column.names)
    return column[begin:end]


def _gib(size: int) -> str:
    return f"{size / _GIB:.3g} GiB"
