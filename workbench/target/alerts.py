"""Alerts: what happened that chance does not explain, each told once, with cause and advice."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from workbench.errors import ParameterError, Problem
from workbench.target.advice import Advice, Rules, advise
from workbench.target.advice_rules import default_rules
from workbench.target.alerts_cause import cause_of, facts_of
from workbench.target.alerts_found import Found
from workbench.target.alerts_funnel import funnel_of
from workbench.target.alerts_monitor import Monitor, learn_monitor
from workbench.target.alerts_probability import slipping
from workbench.target.alerts_told import find_events

if TYPE_CHECKING:
    import pandas as pd

    from workbench.target.drift import Drift
    from workbench.target.gap import Gap
    from workbench.target.tracking import Tracking

Kind = Literal["probability", "band", "sibling", "funnel", "silence", "calibration"]
Direction = Literal["down", "up"]
MOST_ALARMS = 10
SAME_DAYS = 7
"""Events of one kind, unit and direction that begin within so many days are one event."""
SAME_DRIFT_DAYS = 366
"""The same of a drift: each further period scored may move the one it is counted from."""


@dataclass(frozen=True)
class Alert:
    """Something a planner should know, once.

    Attributes:
        key: names the event; the same on every later day.
        kind: which watch rang.
        unit: whom it is about; empty for all units.
        date: when it began.
        direction: ``down`` for bad news.
        facts: numbers behind it; see :mod:`workbench.target.alerts_found`.
        cause: the largest reason found, a word of the gap (``conversion``, ``market``, …).
        advice: what may help.
        open: whether it still lasts at ``as_of``.
    """

    key: str
    kind: Kind
    unit: str
    date: dt.date
    direction: Direction
    facts: Mapping[str, object] = field(default_factory=dict)
    cause: str = ""
    advice: tuple[Advice, ...] = ()
    open: bool = True


def key_of(kind: str, unit: str, direction: str, date: dt.date) -> str:
    """The name of an event.

    >>> key_of("band", "线上商城", "down", dt.date(2026, 8, 3))
    'band|线上商城|down|2026-08-03'
    """
    return f"{kind}|{unit}|{direction}|{date:%Y-%m-%d}"


def same_event(one: str, other: str) -> bool:
    """Whether two keys name one event: late refunds may move its first day a little.

    >>> same_event("band|a|down|2026-08-03", "band|a|down|2026-08-05")
    True
    """
    what, _, day = one.rpartition("|")
    other_what, _, other_day = other.rpartition("|")
    if what != other_what:
        return False
    apart = abs((dt.date.fromisoformat(day) - dt.date.fromisoformat(other_day)).days)
    return apart <= (SAME_DRIFT_DAYS if what.startswith("calibration|") else SAME_DAYS)


def watch(
    tracking: "Tracking",
    gap: "Gap | None" = None,
    *,
    false_alarms: float = 0.1,
    rules: Rules | None = None,
    sent: Collection[str] = (),
    facts: "Mapping[str, Mapping[str, float]] | None" = None,
    traffic: "pd.DataFrame | None" = None,
    monitor: Monitor | None = None,
    seed: int = 0,
) -> tuple[Alert, ...]:
    """The alerts of a period to date, the latest first.

    Sales are compared with the outlook from before the period began; how far they may stray was
    learned from earlier periods, so that a unit in which nothing changes has ``false_alarms``
    alerts in a quarter on average, all kinds together. Where visitors and orders are known by day,
    orders per visitor and sales per order are watched too: they are calmer than sales.

    Args:
        tracking: the period.
        gap: its gap, taken apart; names the causes.
        false_alarms: per unit and quarter, while nothing changes.
        rules: advice to give; those of the package otherwise.
        sent: keys of alerts to leave out.
        facts: unit → name → number that rules may ask for, beyond those known here.
        traffic: unit, date, visitors, orders; of the period and of the time before.
        monitor: learned before, where several targets are watched on the same sales.
        seed: of the forecasts of earlier periods.

    Raises:
        ParameterError: a rate that is not above 0 and at most 10.
    """
    _check_rate(false_alarms)
    if not tracking.begun or tracking.start_paths is None:
        return ()
    funnel = funnel_of(traffic, tracking.panel)
    learned = monitor or learn_monitor(
        tracking.panel,
        tracking.start_paths,
        period=tracking.period,
        false_alarms=false_alarms,
        seed=seed,
        funnel=funnel,
    )
    found = find_events(tracking, learned, funnel)
    events = [*found.told, *slipping(tracking, found.running)]
    alerts = [_alert(tracking, gap, one, rules or default_rules(), facts or {}) for one in events]
    new = [one for one in alerts if not any(same_event(one.key, key) for key in sent)]
    return tuple(sorted(new, key=lambda one: (one.date, one.key), reverse=True))


def _alert(
    tracking: "Tracking",
    gap: "Gap | None",
    found: Found,
    rules: Rules,
    facts: Mapping[str, Mapping[str, float]],
) -> Alert:
    cause = cause_of(found, gap)
    known = facts_of(tracking, found, gap, cause, facts.get(found.unit, {}))
    return Alert(
        key=key_of(found.kind, found.unit, found.direction, found.date),
        kind=found.kind,
        unit=found.unit,
        date=found.date,
        direction=found.direction,
        facts=found.facts,
        cause=cause,
        advice=advise(known, rules, as_of=tracking.as_of.date(), end=tracking.period.end),
        open=found.open,
    )


def drift_alerts(
    drifts: "Iterable[Drift]", *, as_of: dt.date, rules: Rules | None = None
) -> tuple[Alert, ...]:
    """One alert per way in which the probabilities no longer hold (see ``calibration_drift``).

    How often that is said in error is the business of ``calibration_drift``.
    """
    found = []
    for drift in drifts:
        date = drift.since.date()
        facts = {
            "drift": drift.kind,
            "periods": drift.periods,
            "observed": drift.observed,
            "expected": drift.expected,
            "until": drift.until.date(),
        }
        known = {"kind": "calibration", "direction": "down", "unit": "", "cause": drift.kind}
        said = advise(known, rules or default_rules(), as_of=as_of, end=as_of)
        key = key_of("calibration", drift.kind, "down", date)
        found.append(Alert(key, "calibration", "", date, "down", facts, drift.kind, said))
    return tuple(found)


def _check_rate(false_alarms: float) -> None:
    known = isinstance(false_alarms, int | float) and not isinstance(false_alarms, bool)
    if not known or not 0 < false_alarms <= MOST_ALARMS:
        facts = {"value": repr(false_alarms)}
        raise ParameterError(Problem("alerts.rate", facts))
