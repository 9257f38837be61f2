"""The comparable day one year before, on whole days since 1970-01-01.

Three rules, the first that applies wins. A day around a festival is compared with the same day
around last year's festival. Any other day is compared with the same weekday 52 weeks before. And
where that falls into last year's 春节 (or another festival that moves and upsets whole weeks), it
moves on by whole weeks to the side of the festival on which the day itself lies.
"""

from collections.abc import Sequence

import numpy as np

from workbench.calendar.festival import Days, Festival, offsets

YEAR = 364
SHORTEST, LONGEST = 330, 400  # days back that still count as one year before


def one_year_before(days: Days, festivals: Sequence[Festival]) -> Days:
    """For each day the comparable day one year before; always 330 to 400 days earlier."""
    aligned = [festival for festival in festivals if festival.aligned and len(festival.days) > 1]
    back = np.full(len(days), YEAR, dtype=np.int64)
    claimed = np.zeros(len(days), dtype=bool)
    for festival in sorted(aligned, key=_precedence):
        gap = _gap(days, festival)
        free = ~claimed & (gap >= SHORTEST) & (gap <= LONGEST)
        back[free] = gap[free]
        claimed |= free
    for festival in aligned:
        if festival.blocked:
            back = np.where(claimed, back, _around(days, back, festival))
    return days - back


def _precedence(festival: Festival) -> tuple[bool, bool]:
    """Blocked festivals first, then fixed dates such as 国庆, then those that move such as 中秋."""
    moves = len({(day.month, day.day) for day in festival.dates}) > 1
    return (not festival.blocked, moves)


def _gap(days: Days, festival: Festival) -> Days:
    """Days between this year's and last year's festival; 0 for days outside the aligned window."""
    assert festival.aligned is not None
    _, position = offsets(days, festival.days, festival.aligned)
    gaps = np.diff(festival.days, prepend=festival.days[0])
    return np.where(position > 0, gaps[position], 0)


def _around(days: Days, back: Days, festival: Festival) -> Days:
    """``back`` changed by whole weeks where it leads into last year's festival."""
    assert festival.aligned is not None
    first, last = festival.aligned
    landed, position = offsets(days - back, festival.days, festival.aligned)
    this_year = np.append(festival.days, np.iinfo(np.int64).max)[position + 1]
    before = days < this_year
    earlier = back + 7 * np.ceil((landed - first + 1) / 7).astype(np.int64)
    later = back - 7 * np.ceil((last + 1 - landed) / 7).astype(np.int64)
    moved = np.where(before, earlier, later)
    usable = (position >= 0) & (moved >= SHORTEST) & (moved <= LONGEST)
    return np.where(usable, moved, back)
