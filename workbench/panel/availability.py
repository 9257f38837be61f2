"""Closed, not yet open, gone: what long stretches without a sale mean."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.errors import Problem
from workbench.panel.grid import Grid
from workbench.panel.panel import Floats
from workbench.panel.shown import cells, money, some

LONGEST_USUAL = {"D": 28, "W": 4, "M": 3}
LEAST_SALES = {"D": 14, "W": 4, "M": 3}
YEAR = {"D": 364, "W": 52, "M": 12}
SURPRISE = 1e-4
"""Odds below which a run of zeros is taken as closed rather than as bad luck."""


@dataclass(frozen=True)
class _Run:
    unit: int
    start: int
    end: int  # exclusive
    length: int  # dates on which the unit could have sold


def sold_while_closed(sales: Floats, open_: Floats, grid: Grid) -> tuple[Floats, list[Problem]]:
    """``open`` made true of dates that have sales: the money was taken, so the door was open.

    An opened date of a week or a month counts as many open days as the unit usually has.
    """
    at = np.isfinite(sales) & (sales != 0) & (open_[: len(sales)] == 0)
    if not at.any():
        return open_, []
    usual = np.ones(open_.shape[1])
    if grid.frequency != "D":
        opened = np.where(open_ > 0, open_, np.nan)
        for unit in np.flatnonzero(at.any(axis=0) & (open_ > 0).any(axis=0)):
            usual[unit] = np.nanmedian(opened[:, unit])
    out = open_.copy()
    out[: len(sales)] = np.where(at, usual, open_[: len(sales)])
    facts = {
        "count": f"{int(at.sum()):,}",
        "amount": money(float(sales[at].sum())),
        "rows": cells(grid.units, grid.days, at),
    }
    return out, [Problem("panel.sold_while_closed", facts)]


def explain_silence(sales: Floats, open_: Floats, grid: Grid) -> tuple[Floats, list[Problem]]:
    """Sales with unexplained runs of zeros marked as not observed, and what was noticed.

    A run counts when it is longer than four weeks (three months of monthly rows); would, at the
    share of zeros on the unit's other open dates, happen less than once in ten thousand histories;
    and was not as quiet at the same time of another year. Units that hardly ever sell are left as
    they are. A run that reaches the last date stays
    zero: that unit may have stopped selling.
    """
    out = sales.copy()
    by_code: dict[str, list[_Run]] = {}
    zero = (sales == 0) & (open_ > 0)
    for run in _long_runs(zero, np.isnan(sales) | (open_ == 0), grid):
        if not _surprising(run, sales[:, run.unit], open_[:, run.unit], grid):
            continue
        code = "closed_without_saying"
        if run.end == len(sales):
            code = "stopped"
        elif not np.nan_to_num(sales[: run.start, run.unit]).any():
            code = "not_yet_open"
        if code != "stopped":
            quiet = zero[:, run.unit].copy()
            quiet[: run.start] = quiet[run.end :] = False
            out[quiet, run.unit] = np.nan
        by_code.setdefault(code, []).append(run)
    notices = [_notice(f"panel.{code}", runs, grid) for code, runs in by_code.items()]
    return out, [*notices, *_silent(out, grid)]


def _long_runs(zero: NDArray[np.bool_], skip: NDArray[np.bool_], grid: Grid) -> Iterator[_Run]:
    """Long runs of zeros; dates to ``skip`` neither count nor break a run."""
    shortest = LONGEST_USUAL[grid.frequency]
    for unit in np.flatnonzero(zero.sum(axis=0) > shortest):
        through = np.concatenate([[False], zero[:, unit] | skip[:, unit], [False]])
        edges = np.flatnonzero(np.diff(through.astype(np.int8)))
        counted = np.concatenate([[0], np.cumsum(zero[:, unit])])
        starts, ends = edges[::2], edges[1::2]
        lengths = counted[ends] - counted[starts]
        for at in np.flatnonzero(lengths > shortest):
            inside = np.flatnonzero(zero[starts[at] : ends[at], unit]) + starts[at]
            last = int(ends[at]) if ends[at] == len(zero) else int(inside[-1]) + 1
            yield _Run(int(unit), int(inside[0]), last, int(lengths[at]))


def _surprising(run: _Run, sales: Floats, open_: Floats, grid: Grid) -> bool:
    """Whether neither bad luck nor the season explains the run."""
    others = np.isfinite(sales) & (open_ > 0)
    others[run.start : run.end] = False
    n_others = int(others.sum())
    if int((sales[others] != 0).sum()) < LEAST_SALES[grid.frequency]:
        return False
    share = (int((sales[others] == 0).sum()) + 1) / (n_others + 2)
    if run.length * np.log(share) + np.log(n_others) >= np.log(SURPRISE):
        return False
    rows = np.arange(run.start, run.end)
    for shift in (-YEAR[grid.frequency], YEAR[grid.frequency]):
        there = rows + shift
        there = there[(there >= 0) & (there < len(sales))]
        there = there[others[there]]
        if 2 * len(there) > len(rows) and (sales[there] == 0).mean() > 0.5:
            return False
    return True


def _notice(code: str, runs: list[_Run], grid: Grid) -> Problem:
    shown = some(
        (f"{grid.units[r.unit]} {grid.days[r.start]} – {grid.days[r.end - 1]}" for r in runs),
        separator="; ",
    )
    return Problem(code, {"count": f"{len(runs):,}", "runs": shown})


def _silent(sales: Floats, grid: Grid) -> list[Problem]:
    """Units that never sold, and units whose rows end before the others'."""
    notices = []
    never = ~np.nan_to_num(sales).any(axis=0)
    if never.any():
        units = [grid.units[at] for at in np.flatnonzero(never)]
        notices.append(
            Problem("panel.never_sold", {"count": f"{len(units):,}", "units": some(units)})
        )
    last = len(sales) - 1 - np.argmax(np.isfinite(sales)[::-1], axis=0)
    ended = np.flatnonzero(~never & (len(sales) - 1 - last > LONGEST_USUAL[grid.frequency]))
    if ended.size:
        shown = some((f"{grid.units[at]} {grid.days[last[at]]}" for at in ended), separator="; ")
        facts = {"count": f"{len(ended):,}", "units": shown}
        notices.append(Problem("panel.ends_early", facts))
    return notices
