"""The alerts of a report: found, told, and put where programs find them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import Problem
from workbench.report.alert_text import alerts_json
from workbench.report.words import Words
from workbench.run.deliver import Delivery, deliver
from workbench.target.advice_rules import load_rules
from workbench.target.alerts import Alert, drift_alerts, watch

if TYPE_CHECKING:
    import pandas as pd

    from workbench.params.models import TrackingParams, TrackRecordParams
    from workbench.target.drift import Drift
    from workbench.target.gap import Gap
    from workbench.target.tracking import Tracking


@dataclass(frozen=True)
class Alarm:
    """The alerts of a report, and what became of those that were new.

    Attributes:
        alerts: all of them, the latest first.
        delivery: what was sent.
        rate: false alarms that were allowed: per unit and quarter, or per period scored.
    """

    alerts: tuple[Alert, ...]
    delivery: Delivery
    rate: float

    @property
    def notices(self) -> tuple[Problem, ...]:
        """Channels that are not set up properly, and sendings that failed."""
        return self.delivery.notices

    @property
    def files(self) -> dict[str, str]:
        """``alerts.json``, for ``publish``."""
        return {"alerts.json": alerts_json(self.alerts)}


def raise_alarm(
    tracking: "Tracking",
    gap: "Gap | None",
    params: "TrackingParams",
    words: Words,
    *,
    environment: Mapping[str, str],
    traffic: "pd.DataFrame | None" = None,
    more: tuple[Alert, ...] = (),
) -> Alarm:
    """Watch a period, and deliver what is new to the channels that ``environment`` names.

    Args:
        tracking: the period.
        gap: its gap, for the causes.
        params: ``false_alarms``, ``rules``, ``seed`` and ``out``.
        words: language and currency of the messages.
        environment: such as ``os.environ``.
        traffic: unit, date, visitors, orders; watched too where given.
        more: alerts found elsewhere, such as those of a forecast out of calibration.

    Raises:
        ParameterError: a file of rules that cannot be used.
        DataError: a journal of deliveries that was changed or cannot be written.
    """
    rules = load_rules(params.file("rules"))
    found = watch(
        tracking,
        gap,
        rules=rules,
        traffic=traffic,
        false_alarms=params.false_alarms,
        seed=params.seed,
    )
    alerts = (*more, *found)
    delivery = deliver(
        alerts,
        params.folder(),
        environment=environment,
        words=words,
        as_of=tracking.as_of.date(),
        period=words.period(tracking.period),
    )
    return Alarm(alerts, delivery, params.false_alarms)


def raise_drift_alarm(
    drifts: "Iterable[Drift]",
    params: "TrackRecordParams",
    words: Words,
    *,
    as_of: dt.date,
    environment: Mapping[str, str],
) -> Alarm:
    """Say that probabilities no longer hold, and deliver what is new, once for each way.

    Args:
        drifts: see :func:`workbench.target.drift.calibration_drift`.
        params: ``drift_alarms``, ``rules`` and ``out``.
        words: language of the messages.
        as_of: the last known day.
        environment: such as ``os.environ``.

    Raises:
        ParameterError: a file of rules that cannot be used.
        DataError: a journal of deliveries that was changed or cannot be written.
    """
    alerts = drift_alerts(drifts, as_of=as_of, rules=load_rules(params.file("rules")))
    folder = params.folder()
    delivery = deliver(alerts, folder, environment=environment, words=words, as_of=as_of)
    return Alarm(alerts, delivery, params.drift_alarms)
