"""Columns that all units share: weekdays, days around festivals, the time of the month."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.calendar.calendar import spans
from workbench.panel.panel import Panel

Floats = NDArray[np.float64]

MONTH_HARMONICS = (1, 2)
"""Waves per month: paydays and month ends, which shift against the weeks."""


def shared_columns(
    panel: Panel, dates: pd.DatetimeIndex, festivals: pd.DataFrame
) -> tuple[Floats, list[str]]:
    """(steps, columns) and their names; of the ``festivals`` those that the history has seen."""
    columns: list[Floats] = []
    names: list[str] = []
    if panel.frequency == "D":
        weekday = dates.day_of_week.to_numpy()
        columns += [np.asarray(weekday == day, dtype=float) for day in range(7)]
        names += [f"weekday:{day + 1}" for day in range(7)]
    if panel.calendar is not None:
        values = festivals.to_numpy(dtype=float)
        seen = np.abs(values[: len(panel.dates)]).sum(axis=0) > 0
        columns += list(values[:, seen].T)
        names += [str(name) for name, kept in zip(festivals.columns, seen, strict=True) if kept]
        cycle = _month_cycle(panel, dates)
        columns += list(cycle.T)
        names += [f"month:{at + 1}" for at in range(cycle.shape[1])]
    if not columns:
        return np.zeros((len(dates), 0)), []
    return np.stack(columns, axis=1), names


def festival_days(panel: Panel, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Per step; a week's or a month's features are the mean over its days."""
    calendar = panel.calendar
    if calendar is None:
        return pd.DataFrame(index=dates)
    if panel.frequency == "D":
        return calendar.features(dates)
    return calendar.features_weekly(dates, frequency=panel.frequency)


def _month_cycle(panel: Panel, dates: pd.DatetimeIndex) -> Floats:
    """Two harmonics of the day of the month (paydays, month ends); a week's are its days' mean."""
    if panel.frequency == "M":
        return np.zeros((len(dates), 0))
    days = [dates]
    if panel.frequency == "W":
        first, _ = spans(dates, "W")
        days = [first + pd.Timedelta(days=day) for day in range(7)]
    phases = [(day.day.to_numpy() - 0.5) / day.days_in_month.to_numpy() for day in days]
    angle = 2 * np.pi * np.stack(phases)
    waves = [wave(k * angle).mean(axis=0) for k in MONTH_HARMONICS for wave in (np.cos, np.sin)]
    return np.stack(waves, axis=1)
