"""How members buy again and stop: the BG/NBD model (Fader, Hardie & Lee 2005).

While active a member buys at a rate of their own (gamma over members); after each repeat purchase
they leave with a chance of their own (beta over members). All that matters of a member is how
often, how lately and since when they bought. In the modified model (MBG/NBD: Batislam, Denizel &
Filiztekin 2007) they may leave after the first purchase already.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.errors import ForecastError, Problem
from workbench.member.purchases import Purchases

Floats = NDArray[np.float64]

NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True, eq=False)
class Buying:
    """A fitted BG/NBD, in purchases per week.

    Attributes:
        r, alpha: of the gamma of rates; r ÷ alpha is the mean rate while active.
        a, b: of the beta of the chance to leave after a purchase.
        from_first: whether members may leave after their first purchase already.
        log_likelihood: of the members it was fitted to.
        covariance: (4, 4) of the logarithms of r, alpha, a, b.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: Floats
    from_first: bool = False

    @property
    def logs(self) -> Floats:
        """Logarithms of r, alpha, a, b."""
        return np.log([self.r, self.alpha, self.a, self.b])


def fit_buying(purchases: Purchases, *, from_first: bool | None = False) -> Buying:
    """Fit the model by maximum likelihood; members who look alike are counted, not repeated.

    Args:
        purchases: of the members.
        from_first: whether members may leave after their first purchase already; None fits both
            and keeps the likelier one.

    Raises:
        ForecastError: the members' purchases do not settle it.
    """
    from scipy.optimize import minimize

    if from_first is None:
        both = [fit_buying(purchases, from_first=one) for one in (False, True)]
        return max(both, key=lambda model: model.log_likelihood)
    rows = np.stack([purchases.repeats, purchases.recency, purchases.age], axis=1)
    alike, counts = np.unique(np.round(rows, 4), axis=0, return_counts=True)
    x, recency, age = alike.T
    size = float(counts.sum())

    def loss(logs: Floats) -> float:
        return -float((counts * _log_likelihood(logs, x, recency, age, from_first)).sum()) / size

    starts = ([-1.0, 1.5, -0.2, 0.9], [0.0, 2.0, -1.0, 1.0], [-0.5, 0.5, 0.5, 1.5])
    best = None
    for start in starts:
        found = minimize(loss, start, method="L-BFGS-B", bounds=[(-7.0, 8.0)] * 4)
        best = found if best is None or found.fun < best.fun - 1e-9 else best
    assert best is not None
    polished = minimize(
        loss, best.x, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-12, "maxiter": 2000}
    )
    logs = polished.x if polished.fun <= best.fun else best.x
    if not np.isfinite(logs).all() or (np.abs(logs) > 7.0 - 1e-3).any():
        values = ", ".join(f"{name} = {np.exp(v):.3g}" for name, v in zip(NAMES, logs, strict=True))
        raise ForecastError(
            Problem("member.unsettled", {"values": values, "members": f"{size:,.0f}"})
        )
    covariance = np.asarray(np.linalg.pinv(_hessian(loss, logs) * size, hermitian=True), float)
    r, alpha, a, b = (float(value) for value in np.exp(logs))
    return Buying(r, alpha, a, b, -float(loss(logs)) * size, covariance, from_first)


def alive(model: Buying, purchases: Purchases) -> Floats:
    """(members,) how likely each is still active.

    1 for who bought once, unless members may leave ``from_first``.
    """
    return 1.0 / (1.0 + _gone(model.logs, purchases, model.from_first))


def expected_orders(model: Buying, purchases: Purchases, weeks: float) -> Floats:
    """(members,) how many orders are expected of each in the next ``weeks`` weeks."""
    return orders_given(model.logs, purchases, weeks, from_first=model.from_first)


def orders_given(
    logs: Floats, purchases: Purchases, weeks: float, *, from_first: bool = False
) -> Floats:
    """The same, given the logarithms of r, alpha, a, b (equation 10 of the paper)."""
    from scipy.special import hyp2f1

    r, alpha, a, b = np.exp(logs)
    x, age = purchases.repeats, purchases.age
    gone = _gone(logs, purchases, from_first)
    b += float(from_first)
    # At a = 1 the formula is nothing over nothing; a hair beside it is the limit.
    a = a + 1e-6 if abs(a - 1.0) < 1e-6 else a
    share = weeks / (alpha + age + weeks)
    reach = hyp2f1(r + x, b + x, a + b + x - 1.0, share)
    grown = (a + b + x - 1.0) / (a - 1.0)
    stay = ((alpha + age) / (alpha + age + weeks)) ** (r + x)
    return np.asarray(grown * (1.0 - stay * reach) / (1.0 + gone))


def simulate_orders(
    model: Buying, purchases: Purchases, weeks: float, *, rng: np.random.Generator
) -> Floats:
    """(members,) one possible future: orders of each in the next ``weeks`` weeks."""
    x, age = purchases.repeats, purchases.age
    here = rng.random(len(x)) < alive(model, purchases)
    rate = rng.gamma(model.r + x) / (model.alpha + age)
    leave = rng.beta(model.a, model.b + x + float(model.from_first))
    wanted = np.where(here, rng.poisson(rate * weeks), 0)
    # After each order the member leaves with chance ``leave``: a geometric number of orders is the
    # most there will be, the last one counted.
    most = rng.geometric(np.clip(leave, 1e-12, 1.0))
    return np.minimum(wanted, most).astype(float)


def _gone(logs: Floats, purchases: Purchases, from_first: bool) -> Floats:
    """Odds of having left after the last purchase."""
    r, alpha, a, b = np.exp(logs)
    x, recency, age = purchases.repeats, purchases.recency, purchases.age
    ratio = np.exp((r + x) * (np.log(alpha + age) - np.log(alpha + recency)))
    if from_first:
        return np.asarray(a / (b + x) * ratio)
    return np.where(x > 0, a / np.maximum(b + x - 1.0, 1e-12) * ratio, 0.0)


def _log_likelihood(
    logs: Floats, x: Floats, recency: Floats, age: Floats, from_first: bool
) -> Floats:
    """Of each member (equation 6 of the paper)."""
    from scipy.special import betaln, gammaln

    r, alpha, a, b = np.exp(logs)
    rates = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    chances = x + float(from_first)
    stays = betaln(a, b + chances) - betaln(a, b) - (r + x) * np.log(alpha + age)
    with np.errstate(divide="ignore", invalid="ignore"):
        leaves = np.where(
            chances > 0,
            betaln(a + 1.0, b + chances - 1.0) - betaln(a, b) - (r + x) * np.log(alpha + recency),
            -np.inf,
        )
    return np.asarray(rates + np.logaddexp(stays, leaves))


def _hessian(loss: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    """Second differences of a function of four logarithms."""
    out = np.zeros((4, 4))
    for i in range(4):
        for j in range(i + 1):
            total = 0.0
            for up, down in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                moved = at.copy()
                moved[i] += up * step
                moved[j] += down * step
                total += up * down * loss(moved)
            out[i, j] = out[j, i] = total / (4.0 * step**2)
    return out
