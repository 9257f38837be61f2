"""Long stretches without a sale that a unit's own history cannot explain."""

import numpy as np
import pandas as pd

from workbench.errors import Problem
from workbench.panel.panel import Floats, Frequency

LONGEST_USUAL = {"D": 28, "W": 4, "M": 3}
SURPRISE = 1e-4
"""Odds below which a run of zeros is taken as closed rather than as bad luck."""


def closed_without_saying(
    sales: Floats,
    open_: Floats,
    units: tuple[str, ...],
    dates: pd.DatetimeIndex,
    frequency: Frequency,
) -> tuple[Floats, list[Problem]]:
    """Sales with unexplained runs of zeros marked as not observed, and what was marked.

    A run counts when it is longer than four weeks (three months of monthly rows) and would, at
    the share of zeros on the unit's other open days, happen less than once in ten thousand
    histories. A run that reaches the last date is left: that unit may have stopped selling.
    """
    out = sales.copy()
    notices: list[Problem] = []
    shortest = LONGEST_USUAL[frequency]
    zero = (sales == 0) & (open_ > 0)
    candidates = np.flatnonzero(zero.sum(axis=0) > shortest)
    for at in candidates:
        selling = np.isfinite(sales[:, at]) & (open_[:, at] > 0)
        for start, end in _runs(zero[:, at], skip=~selling):
            length = int(zero[start:end, at].sum())
            others = selling.copy()
            others[start:end] = False
            if length <= shortest or end == len(dates) or not others.any():
                continue
            share = (zero[others, at].sum() + 1) / (others.sum() + 2)
            if length * np.log(share) + np.log(max(others.sum(), 1)) < np.log(SURPRISE):
                out[start:end, at] = np.nan
                notices.append(
                    Problem(
                        "panel.closed_without_saying",
                        {
                            "unit": units[at],
                            "start": f"{dates[start]:%Y-%m-%d}",
                            "end": f"{dates[end - 1]:%Y-%m-%d}",
                            "length": length,
                        },
                    )
                )
    return out, notices


def _runs(flags: "np.ndarray[tuple[int], np.dtype[np.bool_]]", *, skip: object) -> list[tuple[int, int]]:
    """Start and end of each run of True; dates to ``skip`` neither count nor break a run."""
    through = flags | np.asarray(skip, dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], through, [False]]).astype(int)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
