"""Columns of numbers from a run: views of its memory, pandas on request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from windtunnel.errors import UnknownNameError
from windtunnel.figures import nearest
from windtunnel.html import table_html

if TYPE_CHECKING:
    import pandas as pd


def need_pandas() -> Any:
    """pandas, or an ImportError that says how to get it."""
    try:
        import pandas
    except ImportError as error:
        way_out = "install python3-pandas (Debian) or `pip install pandas`"
        raise ImportError(f"to_pandas() needs pandas: {way_out}") from error
    return pandas


@dataclass(frozen=True)
class Coded:
    """A column of names: an index into `names` for each row, -1 for none."""

    codes: NDArray[np.int64]
    names: list[str]

    def __len__(self) -> int:
        return len(self.codes)

    def array(self) -> NDArray[np.object_]:
        """Shape (rows,), one name each; None where there is none."""
        return np.array([*self.names, None], dtype=object)[self.codes]


Column = NDArray[Any] | list[str] | Coded


class Table(Mapping[str, NDArray[Any]]):
    """Named columns of equal length. `table["at_s"]` is a NumPy array (a read-only view where it holds numbers).

    `len(table)` is the number of columns, as of any mapping; `table.rows` that of rows.
    """

    def __init__(self, name: str, columns: Mapping[str, Column]) -> None:
        self._name = name
        self._columns = dict(columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self._columns.values()))) if self._columns else 0

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column, shape (rows,). Raises: UnknownNameError, naming the nearest."""
        if name not in self._columns:
            raise UnknownNameError(f'{self._name} has no column "{name}"; {nearest(str(name), list(self._columns))}')
        column = self._columns[name]
        if isinstance(column, Coded):
            return column.array()
        return np.array(column, dtype=object) if isinstance(column, list) else column

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def to_pandas(self) -> pd.DataFrame:
        """A DataFrame with a row for each of ours; names are categories. Numbers are not copied."""
        pandas = need_pandas()

        def series(column: Column) -> Any:
            if not isinstance(column, Coded):
                return column
            return pandas.Categorical.from_codes(column.codes, categories=column.names)

        return pandas.DataFrame({name: series(column) for name, column in self._columns.items()}, copy=False)

    def __repr__(self) -> str:
        return f"<{self._name}: {self.rows} rows of {', '.join(self._columns)}>"

    def _repr_html_(self) -> str:
        shown = min(self.rows, 10)
        arrays = [self[name][:shown] for name in self._columns]
        rows = [[str(array[i]) for array in arrays] for i in range(shown)]
        caption = f"{self._name}: {self.rows:,} rows" + (f", the first {shown} shown" if self.rows > shown else "")
        return table_html(list(self._columns), rows, caption)


@dataclass(frozen=True)
class TimeSeries:
    """One sampled quantity over simulated time. All arrays have shape (points,) and are read-only views.

    `time_s` is the end of each point's interval; `min`, `mean` and `max` are over the samples in it (the same where a
    point is a single sample).
    """

    name: str
    unit: str
    time_s: NDArray[np.float64]
    mean: NDArray[np.float64]
    min: NDArray[np.float64]
    max: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.mean)

    def to_pandas(self) -> pd.Series[Any]:
        """The means as a Series named like this one, indexed by simulated seconds. Nothing is copied."""
        pandas = need_pandas()
        index = pandas.Index(self.time_s, name="time_s", copy=False)
        return pandas.Series(self.mean, index=index, name=self.name, copy=False)

    def __repr__(self) -> str:
        return f"<{self.name} [{self.unit}]: {len(self)} points>"
