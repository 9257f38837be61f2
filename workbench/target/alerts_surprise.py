"""How far sales stray from what was expected: over one to 28 days, in total; beside siblings."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SCAN: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"D": (1, 2, 3, 4, 5, 7, 10, 14, 21, 28), "W": (1, 2, 3, 4), "M": (1,)}
)
"""Frequency → rows of the windows: a deep fall shows in a day, a slight one in weeks."""
HALF_LIFE = MappingProxyType({"D": 14.0, "W": 2.0, "M": 1.0})
"""Rows after which a past row weighs half in the level that a window is compared with."""
OPENING = MappingProxyType({"D": 14.0, "W": 2.0, "M": 1.0})
"""Rows of sales just as expected that stand before the period: what the forecast knew."""
LEAST_EXPECTED = 0.3
"""A window expected to sell less than this share of a usual one is not judged (days closed)."""
LEAST_SIBLINGS = 2
TOGETHER = 0.7
"""How far units move together: the part of the siblings' deviation to be expected of a unit."""


@dataclass(frozen=True, eq=False)
class Surprise:
    """One statistic on every row and unit.

    Attributes:
        values: (rows, units), 2(√ratio − 1), about the relative deviation; NaN: not judged.
        effect: (rows, units), log of how unusual the expectation itself was: a campaign or a
            festival that is expected to double sales may be misjudged by a part of that.
        rows: how many rows one value looks at; 0 for the running total.
    """

    values: Floats
    effect: Floats
    rows: int


Seen = Mapping[str, tuple[Surprise, ...]]
"""Name of a watch → its statistic over each of its windows."""


def surprises(actual: Floats, expected: Floats, frequency: str) -> dict[str, tuple[Surprise, ...]]:
    """Every statistic that is watched, by name, from sales (rows, units) and their expectation.

    Where there are several units, their sum stands before them as the first column. ``expected``
    may reach further than ``actual``.

    A window (``band``) is compared with the expectation times the level that sales had before the
    window, so that a level judged a little too high at the start is not news every week.
    ``sibling`` is what a unit's window lacks beside the median of the other units, as far as they
    usually move together; it needs three units. ``cumulative`` compares the running total with the
    expectation as it stands.

    >>> sold = np.r_[np.full(14, 100.0), np.full(7, 81.0)][:, None]
    >>> seen = surprises(sold, np.full((21, 1), 100.0), "D")
    >>> week = SCAN["D"].index(7)
    >>> seen["band"][week].values[-1].round(6), seen["cumulative"][0].values[13]
    (array([-0.2]), array([0.]))
    """
    sums = _sums(actual, expected)
    found = {"band": _windows(sums, frequency)}
    if actual.shape[1] > LEAST_SIBLINGS:
        found["sibling"] = tuple(_beside(one) for one in found["band"])
    sold, wanted, usual = sums
    done, due = sold.cumsum(axis=0), wanted.cumsum(axis=0)
    running = _root_ratio(done, due, due > LEAST_EXPECTED * usual)
    found["cumulative"] = (Surprise(running, np.zeros_like(running), 0),)
    return found


def windows(actual: Floats, expected: Floats, frequency: str) -> tuple[Surprise, ...]:
    """The windows of ``surprises`` alone, of any amounts and their expectation."""
    return _windows(_sums(actual, expected), frequency)


def _windows(sums: tuple[Floats, Floats, Floats], frequency: str) -> tuple[Surprise, ...]:
    sold, wanted, usual = sums
    keep, opening = 0.5 ** (1 / HALF_LIFE[frequency]), OPENING[frequency]
    openings: dict[str, Floats | float] = {
        "sold": opening * usual,
        "wanted": opening * usual,
        "weight": opening,
    }
    rows = {"sold": sold, "wanted": wanted, "weight": (wanted > 0).astype(float)}
    faded = {name: _faded(rows[name], keep, openings[name]) for name in rows}
    return tuple(_window(*sums, size, faded) for size in SCAN[frequency])


def _beside(one: Surprise) -> Surprise:
    values, effect = (v - TOGETHER * others(v) for v in (one.values, one.effect))
    return Surprise(values, effect, one.rows)


def _sums(actual: Floats, expected: Floats) -> tuple[Floats, Floats, Floats]:
    """Sold, expected where sales are known, and a usual row of each column, the sum first."""
    usual = _usual(np.nan_to_num(with_all(np.maximum(expected, 0.0))))
    due = np.where(np.isfinite(actual), np.maximum(expected[: len(actual)], 0.0), 0.0)
    sold, wanted = (np.nan_to_num(with_all(values)) for values in (actual, due))
    return np.maximum(sold, 0.0), wanted, usual


def with_all(values: Floats) -> Floats:
    """The units and, before them, their sum; a single unit stays alone.

    >>> with_all(np.array([[1.0, 2.0], [np.nan, 3.0]]))
    array([[ 3.,  1.,  2.],
           [ 3., nan,  3.]])
    """
    if values.shape[1] == 1:
        return values
    seen = np.isfinite(values).any(axis=1, keepdims=True)
    return np.hstack([np.where(seen, np.nansum(values, axis=1, keepdims=True), np.nan), values])


def _window(
    sold: Floats, wanted: Floats, usual: Floats, rows: int, faded: Mapping[str, Floats]
) -> Surprise:
    done, due = _moving(sold, rows), _moving(wanted, rows)
    at = np.maximum(np.arange(1, len(sold) + 1) - rows, 0)
    before, expected_before, weight = (faded[name][at] for name in ("sold", "wanted", "weight"))
    judged = (due > LEAST_EXPECTED * rows * usual) & (due > 0)
    level = _ratio(before, expected_before)
    values = _root_ratio(done, due * level, judged & (level > 0))
    height = _ratio(due / rows, _ratio(expected_before, weight))
    effect = np.log(np.where(judged & (height > 0), height, 1.0))
    return Surprise(values, effect, rows)


def _root_ratio(done: Floats, due: Floats, judged: NDArray[np.bool_]) -> Floats:
    """2(√(done / due) − 1): about done / due − 1, with steadier spread for small counts."""
    return np.where(judged, 2 * (np.sqrt(_ratio(done, due)) - 1), np.nan)


def _moving(values: Floats, rows: int) -> Floats:
    """Sum of the last ``rows`` rows; of those there are at the start."""
    total = values.cumsum(axis=0)
    before = np.zeros_like(total)
    before[rows:] = total[:-rows]
    return np.asarray(total - before)


def _faded(values: Floats, keep: float, opening: Floats | float) -> Floats:
    """(rows + 1, units): sums of the past, older rows fading, as they stood before each row."""
    out = np.empty((len(values) + 1, values.shape[1]))
    out[0] = np.ravel(opening)
    for at, row in enumerate(values):
        out[at + 1] = keep * out[at] + row
    return out


def _usual(wanted: Floats) -> Floats:
    """(1, units): what a row is usually expected to sell."""
    open_rows = np.maximum((wanted > 0).sum(axis=0, keepdims=True), 1)
    return np.asarray(wanted.sum(axis=0, keepdims=True) / open_rows)


def others(values: Floats) -> Floats:
    """Per unit the median of the others; NaN for all (column 0), and where fewer than two are.

    >>> others(np.array([[9.0, 1.0, 2.0, 4.0, 7.0]]))
    array([[nan,  4.,  4.,  2.,  2.]])
    """
    units = values[:, 1:]
    rank = units.argsort(axis=1).argsort(axis=1)  # NaN ranks last
    ordered = np.sort(units, axis=1)
    own = np.isfinite(units)
    rest = own.sum(axis=1, keepdims=True) - own
    low, high = (rest - 1) // 2, rest // 2
    # The place of a rank among the others: those from the unit's own on move up by one.
    places = [np.clip(k + (own & (k >= rank)), 0, units.shape[1] - 1) for k in (low, high)]
    middle = sum(np.take_along_axis(ordered, place, axis=1) for place in places) / 2
    found = np.where(rest >= LEAST_SIBLINGS, middle, np.nan)
    return np.hstack([np.full((len(values), 1), np.nan), found])


def _ratio(above: Floats, below: Floats) -> Floats:
    out = np.zeros(np.broadcast_shapes(np.shape(above), np.shape(below)))
    np.divide(above, below, out=out, where=np.asarray(below) > 0)
    return out
