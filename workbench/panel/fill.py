"""What a known-ahead column is taken to be where nobody said."""

import numpy as np

from workbench.panel.panel import Floats, Frequency

LAST_YEAR = {"D": 364, "W": 52, "M": 12}


def filled(values: Floats, n_dates: int, frequency: Frequency, *, otherwise: float) -> Floats:
    """``values`` (span, units) without gaps.

    A gap takes the value of its date if most units have one and all of them agree (a chain-wide
    plan); else the unit's usual value of the last year, by weekday in a daily panel; else the usual
    value of all units; else ``otherwise``.

    >>> gap = np.array([[1.0, 1.0, np.nan], [1.0, 0.0, 0.0]])
    >>> filled(gap, 2, "W", otherwise=0.0)[0].tolist()
    [1.0, 1.0, 1.0]
    """
    given = np.isfinite(values)
    if given.all():
        return values
    out = np.where(given, values, _chain_wide(values))
    usual = _usual(out, n_dates, frequency, otherwise)
    if frequency == "D" and np.isin(values[given], (0.0, 1.0)).all():
        usual = np.round(usual)
    phase = np.arange(len(out)) % len(usual)
    return np.where(np.isfinite(out), out, usual[phase])


def _chain_wide(values: Floats) -> Floats:
    """(span, 1): the value of each date on which most units have one, all the same; else NaN."""
    given = np.isfinite(values)
    least = np.where(given, values, np.inf).min(axis=1, keepdims=True)
    most = np.where(given, values, -np.inf).max(axis=1, keepdims=True)
    agreed = (2 * given.sum(axis=1, keepdims=True) > values.shape[1]) & (least == most)
    return np.where(agreed, most, np.nan)


def _usual(values: Floats, n_dates: int, frequency: Frequency, otherwise: float) -> Floats:
    """(7 or 1, units): mean over the last year, by position in the week of a daily panel."""
    phases = 7 if frequency == "D" else 1
    first = max(0, n_dates - LAST_YEAR[frequency])
    recent, phase = values[first:n_dates], np.arange(first, n_dates) % phases
    sums = np.zeros((phases, values.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, phase, np.where(np.isfinite(recent), recent, 0.0))
    np.add.at(counts, phase, np.isfinite(recent).astype(float))
    own = _ratio(sums, counts, np.nan)
    pooled = _ratio(sums.sum(axis=1, keepdims=True), counts.sum(axis=1, keepdims=True), np.nan)
    anywhere = _ratio(sums.sum(keepdims=True), counts.sum(keepdims=True), otherwise)
    out = np.where(np.isfinite(own), own, pooled)
    return np.where(np.isfinite(out), out, anywhere)


def _ratio(sums: Floats, counts: Floats, otherwise: float) -> Floats:
    out = np.full(sums.shape, otherwise)
    np.divide(sums, counts, out=out, where=counts > 0)
    return out
