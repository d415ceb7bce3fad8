"""Variants side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NoReturn

from windtunnel._native import core
from windtunnel.errors import UnknownNameError
from windtunnel.figures import nearest
from windtunnel.html import table_html
from windtunnel.result import Result
from windtunnel.tables import need_pandas

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Comparison(Mapping[str, Result]):
    """Results by variant, all on the same arrivals: `comparison["MPS"]` is a Result.

    >>> import windtunnel as wt
    >>> comparison = wt.compare("scenarios/three_policies.yaml")
    >>> comparison.to_pandas().columns.tolist()
    ['backlog time', 'queue depth', 'response time']
    """

    def __init__(self, results: Mapping[str, Result]) -> None:
        self._results = dict(results)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Comparison cannot be pickled or copied, it holds the memory of its runs; send comparison.to_pandas(), "
            "or the summary of each, {name: result.summary for name, result in comparison.items()}"
        )

    def __getitem__(self, name: str) -> Result:
        """One variant's result. Raises: UnknownNameError naming the nearest variant."""
        if name not in self._results:
            raise UnknownNameError(f'no variant "{name}"; {nearest(str(name), list(self._results))}')
        return self._results[name]

    def __contains__(self, name: object) -> bool:
        return name in self._results

    def __iter__(self) -> Iterator[str]:
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)

    def _named(self) -> list[tuple[str, core.Run]]:
        return [(name, result._run) for name, result in self._results.items()]

    def to_pandas(self) -> pd.DataFrame:
        """The figures of the terminal's table: rows indexed by (section, figure), one column for each variant.

        Numbers as in the summary: seconds, USD, and bytes where the terminal shows GiB.
        """
        pandas = need_pandas()
        index, values, section = [], [], ""
        for label, cells in core.compare_rows(self._named()):
            if not cells:
                section = label
                continue
            index.append((section, label.strip().replace(", GiB", ", bytes")))
            values.append([value for value, _, _ in cells])
        rows = pandas.MultiIndex.from_tuples(index, names=["section", "figure"])
        return pandas.DataFrame(values, index=rows, columns=list(self._results), dtype=float)

    def plot(self) -> Figure:
        """A matplotlib figure: kills by cause, response times, cost, and the backlog over time of each variant."""
        from windtunnel.plotting import plot_comparison

        return plot_comparison(self)

    def __str__(self) -> str:
        return core.compare_table(self._named())

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self._results)}>"

    def _repr_html_(self) -> str:
        rows = []
        for label, cells in core.compare_rows(self._named()):
            texts = [text if ci95 != ci95 else f"{text} ± {ci95:.2g}" for _, ci95, text in cells]
            rows.append([label.strip(), *texts])
        return table_html(["", *self._results], rows, "same arrivals in every column")
