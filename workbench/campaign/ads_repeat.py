"""How many new customers usually buy again, for any window: a share means nothing without one."""

from workbench.campaign.distribution import Distribution

SHAPE, SCALE = 0.2426, 4.4135
"""r and α (weeks) of BG/NBD on CDNOW (Fader, Hardie & Lee 2005)."""
APART = 0.3
"""Assumption: another shop's share lies within ± 30 % of it."""


def usual_repeat_rate(days: int) -> Distribution:
    """The share of new customers who buy again within so many days: 1 − (α ÷ (α + t))^r.

    >>> [round(usual_repeat_rate(days).parameters[1], 2) for days in (30, 64, 91)]
    [0.15, 0.24, 0.28]
    """
    share = 1.0 - (SCALE / (SCALE + days / 7.0)) ** SHAPE
    source = f"CDNOW, BG/NBD: {share:.0%} within {days} days, ± 30 % (Fader, Hardie & Lee 2005)"
    parts = ((1.0 - APART) * share, share, min((1.0 + APART) * share, 1.0))
    return Distribution("triangular", parts, source)
