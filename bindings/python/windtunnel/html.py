"""Tables for notebooks: plain HTML, everything escaped, no script and no style sheet of its own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def table_html(titles: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """A table. A row of one cell is a heading across it."""
    out = ["<table>"]
    if caption:
        out.append(f'<caption style="text-align:left">{escape(caption)}</caption>')
    out.append("<thead><tr>" + "".join(f"<th>{escape(title)}</th>" for title in titles) + "</tr></thead><tbody>")
    for row in rows:
        if len(row) == 1 and len(titles) > 1:
            out.append(f'<tr><th colspan="{len(titles)}" style="text-align:left">{escape(row[0])}</th></tr>')
            continue
        cells = [f'<td style="text-align:left">{escape(row[0])}</td>']
        cells += [f'<td style="text-align:right">{escape(cell)}</td>' for cell in row[1:]]
        out.append("<tr>" + "".join(cells) + "</tr>")
    return "".join([*out, "</tbody></table>"])
