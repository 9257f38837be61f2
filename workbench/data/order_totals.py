"""Exports that write the order total on each of its lines, so that it counts several times."""

from typing import Any

import numpy as np

from workbench.errors import Problem

Array = np.ndarray[Any, np.dtype[Any]]

FEWEST = 20
"""Orders of several lines that it takes to tell."""
SHARE = 0.95
KINDS = 5
"""Different amounts there must be: a shop with a single price repeats it rightly."""


def repeated_totals(order: Array, paid: Array, chosen: Array) -> list[Problem]:
    """What to say where nearly all orders of several lines have one amount on all their lines.

    ``order`` numbers each line's order (-1: none), ``paid`` is its amount, ``chosen`` the lines
    that count.

    >>> order, paid = np.repeat(np.arange(30), 2), np.repeat(np.arange(30) + 10.0, 2)
    >>> [problem.code for problem in repeated_totals(order, paid, paid > 0)]
    ['data.repeated_totals']
    """
    at = np.flatnonzero(chosen & (order >= 0))
    if not len(at):
        return []
    lines = np.bincount(order[at])
    several = lines > 1
    if several.sum() < FEWEST:
        return []
    least, most = np.full(len(lines), np.inf), np.zeros(len(lines))
    np.minimum.at(least, order[at], paid[at])
    np.maximum.at(most, order[at], paid[at])
    same = several & (most - least < 0.005)
    if same.sum() < SHARE * several.sum() or len(np.unique(most[same].round(2))) < KINDS:
        return []
    more = float(((lines - 1) * most)[same].sum())
    return [Problem("data.repeated_totals", {"count": int(same.sum()), "money": f"{more:,.2f}"})]
