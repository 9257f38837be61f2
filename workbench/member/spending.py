"""How much a member spends per order: the gamma-gamma model (Fader, Hardie & Lee 2005).

A member's orders vary around a mean of their own, which is gamma-distributed over members and has
nothing to do with how often they buy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.member.purchases import Purchases

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spending:
    """A fitted gamma-gamma: p (evenness of a member's orders), q and v (of members' means)."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """Of an order of a member of whom nothing is known; infinite where q is 1 or less."""
        return self.p * self.v / (self.q - 1.0) if self.q > 1 else float("inf")


def fit_spending(purchases: Purchases) -> Spending:
    """Fit the model to the mean repeat order of everybody who has one above zero."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    some = (purchases.repeats > 0) & (purchases.spend > 0)
    x, mean = purchases.repeats[some], purchases.spend[some]
    # In units of the average order: the same fit in any currency.
    scale = float(mean.mean())
    z = mean / scale

    def loss(logs: Floats) -> float:
        p, q, v = np.exp(logs)
        found = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        found = (
            found + (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(x * z + v)
        )
        return -float(found.mean())

    options = {"xatol": 1e-7, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
    found = minimize(loss, np.log([3.0, 3.0, 0.7]), method="Nelder-Mead", options=options)
    p, q, v = np.exp(found.x)
    return Spending(float(p), float(q), float(v * scale))


def expected_spend(model: Spending, purchases: Purchases) -> Floats:
    """(members,) the mean order expected of each: between their own and everybody's."""
    x = np.where(purchases.spend > 0, purchases.repeats, 0.0)
    weight = model.p * x + model.q - 1.0
    return np.asarray(model.p * (model.v + x * purchases.spend) / np.maximum(weight, 1e-9))
