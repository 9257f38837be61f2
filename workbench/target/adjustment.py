"""One change that no history can show (a launch, a market that turns), and what may be wrong."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from workbench.errors import Problem
from workbench.target.amounts import listed, read_amounts
from workbench.target.outlook import Outlook

Kind = Literal["relative", "amount"]
KINDS: tuple[Kind, ...] = ("relative", "amount")


@dataclass(frozen=True)
class Adjustment:
    """A change that the sales data do not know of, as a planner sees it.

    Attributes:
        label: what it is, such as a product launch; two adjustments differ in their labels.
        units: whom it concerns; empty for all.
        low, mid, high: its effect, with one chance in ten of being below ``low``, one in ten of
            being above ``high``, and even odds around ``mid``. ``relative`` (0.05 is 5 % of what
            is expected on these days) or an ``amount`` of money over its days, in all its units.
        kind: ``relative`` or ``amount``.
        start, end: the first and last day it acts; the whole period where not given.

    >>> Adjustment("autumn launch", units=("online",), low=0.02, mid=0.05, high=0.12).kind
    'relative'
    """

    label: str
    units: tuple[str, ...] = ()
    low: float = 0.0
    mid: float = 0.0
    high: float = 0.0
    kind: Kind = "relative"
    start: dt.date | None = None
    end: dt.date | None = None


def unusable(one: Adjustment, outlook: Outlook) -> list[Problem]:
    """Everything for which an adjustment cannot be used on an outlook."""
    label = one.label or "—"
    found = []
    numbers = (one.low, one.mid, one.high)
    said = f"{one.low:,} / {one.mid:,} / {one.high:,}"
    if not one.label.strip():
        found.append(Problem("adjustments.no_label", {"range": said}))
    if one.kind not in KINDS:
        facts = {"label": label, "kind": repr(one.kind), "kinds": ", ".join(KINDS)}
        found.append(Problem("adjustments.kind", facts))
    if not all(np.isfinite(numbers)) or not one.low <= one.mid <= one.high:
        found.append(Problem("adjustments.range", {"label": label, "range": said}))
    elif one.kind == "relative" and one.low < -1:
        found.append(Problem("adjustments.below_all", {"label": label, "low": f"{one.low:,}"}))
    _, problems = read_amounts(label, dict.fromkeys(one.units, 0.0), outlook.units)
    return [*found, *problems, *_wrong_days(one, outlook)]


def _wrong_days(one: Adjustment, outlook: Outlook) -> list[Problem]:
    period = outlook.period
    start, end = one.start or period.start, one.end or period.end
    first_left = outlook.as_of.date() + dt.timedelta(days=1)
    facts = {
        "label": one.label or "—",
        "start": str(start),
        "end": str(end),
        "first": str(max(first_left, period.start)),
        "last": str(period.end),
    }
    if end < start:
        return [Problem("adjustments.ends_first", facts)]
    if end < max(first_left, period.start) or start > period.end:
        return [Problem("adjustments.not_ahead", facts)]
    return []


def labels_twice(adjustments: Sequence[Adjustment]) -> list[Problem]:
    """Adjustments that share a label, which tells them apart."""
    labels = pd.Series([one.label for one in adjustments], dtype=object)
    twice = list(labels[labels.duplicated()].unique())
    return [Problem("adjustments.twice", {"labels": listed(twice)})] if twice else []
