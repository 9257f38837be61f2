"""How an uncertain number may turn out: a noun that gives the value at any level."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from workbench.campaign.counts import Floats

Kind = Literal["fixed", "triangular", "uniform", "normal", "lognormal", "beta", "gamma", "samples"]
PARAMETERS: Mapping[Kind, tuple[str, ...]] = {
    "fixed": ("value",),
    "triangular": ("low", "mid", "high"),
    "uniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "spread"),
    "beta": ("successes", "failures"),
    "gamma": ("mean", "shape"),
    "samples": (),
}
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Distribution:
    """An uncertain number: kind and parameters.

    Kinds: ``fixed`` (value), ``triangular`` (least, most likely, most), ``uniform`` (least, most),
    ``normal`` (mean, sd), ``lognormal`` (median, sd of the logarithm), ``beta`` (successes,
    failures), ``gamma`` (mean, shape), ``samples`` (values seen, any number of them).

    ``source`` says where the numbers come from: ``history`` for the shop's own, ``assumption``, or
    the citation of something published.

    >>> rate = Distribution("triangular", (0.1, 0.2, 0.4))
    >>> rate.at(np.array([0.0, 1 / 3, 1.0])).round(3).tolist()
    [0.1, 0.2, 0.4]
    >>> Distribution("samples", (3.0, 1.0, 2.0), source="history").at(np.array([0.5])).tolist()
    [2.0]
    """

    kind: Kind
    parameters: tuple[float, ...]
    source: str = "assumption"

    @property
    def uncertain(self) -> bool:
        """Whether it can turn out in more than one way."""
        low, high = self.at(np.array([0.001, 0.999]))
        return bool(high > low)

    @property
    def sound(self) -> bool:
        """Whether kind and parameters fit together."""
        if self.kind not in KINDS or not np.isfinite(np.array(self.parameters)).all():
            return False
        if self.kind == "samples":
            return len(self.parameters) > 0
        if len(self.parameters) != len(PARAMETERS[self.kind]):
            return False
        if self.kind in ("triangular", "uniform"):
            return list(self.parameters) == sorted(self.parameters)
        if self.kind in ("beta", "gamma"):
            return min(self.parameters) > 0
        if self.kind == "lognormal":
            return self.parameters[0] > 0 and self.parameters[1] >= 0
        return self.kind == "fixed" or self.parameters[1] >= 0

    def at(self, level: Floats) -> Floats:
        """The values that are not exceeded with these probabilities."""
        p = self.parameters
        if self.kind == "fixed":
            return np.full(level.shape, p[0])
        if self.kind == "triangular":
            return _triangular(level, *p)
        if self.kind == "uniform":
            return np.asarray(p[0] + level * (p[1] - p[0]))
        if self.kind == "samples":
            return np.asarray(np.quantile(np.array(p), level))
        return _curved(self.kind, level, p[0], p[1])

    def text(self) -> str:
        """As a message or a table shows it.

        >>> Distribution("triangular", (2, 4.5, 10)).text()
        '4.5 (2–10)'
        """
        if self.kind == "fixed":
            only = self.parameters[0]
            return f"{only:.4g}" if abs(only) < 100 else f"{only:g}"
        low, mid, high = self.at(np.array([0.1, 0.5, 0.9]))
        if self.kind in ("triangular", "uniform"):
            low, high = self.parameters[0], self.parameters[-1]
            mid = self.parameters[1] if self.kind == "triangular" else mid
        return f"{_short(mid)} ({_short(low)}–{_short(high)})"


def _short(value: float) -> str:
    """Three digits that count, more only of whole numbers."""
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _triangular(level: Floats, low: float, mid: float, high: float) -> Floats:
    if high == low:
        return np.full(level.shape, low)
    turn = (mid - low) / (high - low)
    rising = low + np.sqrt(level * (high - low) * (mid - low))
    falling = high - np.sqrt((1.0 - level) * (high - low) * (high - mid))
    return np.where(level < turn, rising, falling)


def _curved(kind: Kind, level: Floats, first: float, second: float) -> Floats:
    from scipy.special import betaincinv, gammaincinv, ndtri

    if kind == "beta":
        return np.asarray(betaincinv(first, second, level))
    if kind == "gamma":
        return np.asarray(gammaincinv(second, level) * first / second)
    normal = np.asarray(ndtri(level))
    return first * np.exp(second * normal) if kind == "lognormal" else first + second * normal
