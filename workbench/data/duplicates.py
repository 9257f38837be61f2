"""Order lines that occur twice: the same line exported again, or an order's later state.

With a ``line_id``, identical lines of one number are one line, and of lines with one number and
different content the last read counts. Without it, lines that are identical in every column are one
line when they come from different files (exports that overlap); within one file they are kept, as a
customer may buy the same twice, unless the mapping says ``duplicates: drop``.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from workbench.errors import Problem

if TYPE_CHECKING:
    from workbench.data.tables import TableRead

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Repeats:
    """Which rows repeat another, which are superseded by a later row, and what to say about it."""

    duplicate: Array
    superseded: Array
    notices: tuple[Problem, ...]


def repeated_lines(read: "TableRead", refund_line: Array, *, keep_identical: bool) -> Repeats:
    """Find repeated order lines; refund lines never supersede the sale they take back."""
    frame = read.frame
    line = frame["?line"].to_numpy()
    none = np.zeros(len(frame), dtype=bool)
    numbered = none
    if "line_id" in frame.columns:
        numbered = (frame["line_id"].notna() & frame["order_id"].notna()).to_numpy()
    file = read.place.file_of
    duplicate = none.copy()
    loose = ~numbered
    seen = pd.DataFrame({"line": line[loose], "file": file[loose]})
    seen["nth"] = seen.groupby(["file", "line"], sort=False).cumcount() if _any(line[loose]) else 0
    duplicate[np.flatnonzero(loose)] = seen.duplicated(["line", "nth"]).to_numpy()
    identical = none.copy()
    identical[np.flatnonzero(loose)] = (seen["nth"] > 0).to_numpy()
    identical &= ~duplicate
    if not keep_identical:
        duplicate |= identical
    superseded = none
    if numbered.any():
        at = np.flatnonzero(numbered)
        duplicate[at] = pd.Series(line[at]).duplicated().to_numpy()
        left = np.flatnonzero(numbered & ~duplicate & ~refund_line)
        keys = frame["order_id"].cat.codes.to_numpy()[left].astype(np.int64) << 32
        keys |= frame["line_id"].cat.codes.to_numpy()[left].astype(np.int64)
        superseded = none.copy()
        superseded[left] = pd.Series(keys).duplicated(keep="last").to_numpy()
    paid = np.nan_to_num(frame["paid_amount"].to_numpy(dtype=float))
    sides = [("data.duplicate_lines", duplicate), ("data.superseded_lines", superseded)]
    if keep_identical:
        sides.append(("data.identical_lines", identical))
    notices = []
    for code, which in sides:
        rows = np.flatnonzero(which)
        if len(rows):
            shown = read.place.text([int(at) for at in rows[:6]])
            facts = {"count": len(rows), "money": f"{paid[rows].sum():,.2f}", "rows": shown}
            notices.append(Problem(code, facts))
    return Repeats(duplicate, superseded, tuple(notices))


def _any(line: Array) -> bool:
    """Whether any value occurs twice, told without grouping."""
    return bool(pd.Series(line).duplicated().any())
