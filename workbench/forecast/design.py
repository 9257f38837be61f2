"""What is known of every step, past and ahead: weekday, calendar, plans, days open."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.forecast.calendar_columns import festival_days, shared_columns
from workbench.forecast.kinship import kinship
from workbench.panel.panel import Panel, future_dates

Floats = NDArray[np.float64]

PRIOR_SD = {"weekday": 1.0, "calendar": 0.15, "plan": 0.5, "month": 0.03}
"""Usual size of a log effect. A festival is seen once a year and must not explain one odd week."""

PLANNED_SHARE = 0.5
"""Least share of the horizon that plans must cover for the known-ahead columns to be used."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """How known-ahead columns were centred and scaled.

    Attributes:
        centre: (columns, units), the mean over the history.
        scale: (columns,), the usual distance from it.
        usual: (columns, units), the value that means "nothing planned": 0 where the column has
            been 0, the mean where it never was (a price).
    """

    centre: Floats
    scale: Floats
    usual: Floats


@dataclass(frozen=True, eq=False)
class Design:
    """Regressors of all steps, history and horizon, without any sales.

    Attributes:
        dates: (steps,), the history followed by the horizon.
        base: (steps, units), how much of a usual day, week or month is open; 0 = closed.
        shared: (steps, columns), the same for all units: weekdays and calendar.
        own: (columns, steps, units), known-ahead columns, centred and scaled.
        scaling: of ``own``.
        attributes: (columns, units), what a unit is and stays; each differs between units.
        names: of the shared columns, then of the own ones.
        prior: (columns,), how large a log effect common to all units is expected to be.
        last_year: (years, steps), row of the comparable date 1, 2, … years before, or −1.
        festivals: (steps, columns), days around festivals, those not seen yet as well.
    """

    dates: pd.DatetimeIndex
    base: Floats
    shared: Floats
    own: Floats
    scaling: "Scaling"
    attributes: Floats
    names: tuple[str, ...]
    prior: Floats
    last_year: NDArray[np.intp]
    festivals: Floats

    @cached_property
    def pairs(self) -> Floats:
        """(steps, pairs of shared columns), their products, a column with itself included.

        In the order of ``numpy.triu_indices``; every fit at every origin needs them.
        """
        first, second = np.triu_indices(self.shared.shape[1])
        return np.asarray(self.shared[:, first] * self.shared[:, second])

    @cached_property
    def kinship(self) -> Floats | None:
        """(units, units), how alike units are; None where nothing is known that would tell."""
        return kinship(self.attributes) if len(self.attributes) else None


def build_design(panel: Panel, horizon: int, *, years: int = 4) -> Design:
    """The design of ``panel`` and the next ``horizon`` steps."""
    dates = pd.DatetimeIndex(panel.dates.append(future_dates(panel, horizon)))
    base, moving = _openness(panel, dates)
    festivals = festival_days(panel, dates)
    shared, names = shared_columns(panel, dates, festivals)
    own, scaling, own_names = _own(panel, dates, moving)
    prior = [PRIOR_SD.get(name.split(":")[0], PRIOR_SD["calendar"]) for name in names]
    prior += [PRIOR_SD["plan"]] * len(own_names)
    return Design(
        dates,
        base,
        shared,
        own,
        scaling,
        _attributes(panel),
        (*names, *own_names),
        np.array(prior),
        _last_year(panel, dates, years),
        festivals.to_numpy(dtype=float),
    )


def _stretched(values: Floats, n_dates: int, n_steps: int) -> Floats:
    """``values`` cut or prolonged to ``n_steps`` rows; beyond the plans the usual value stands.

    Usual is the mean of the rows at the same place in the week over the last year of history.
    """
    if len(values) >= n_steps:
        return values[:n_steps]
    recent = np.arange(max(0, n_dates - 364), n_dates)
    extra = np.arange(len(values), n_steps)
    usual = np.stack(
        [
            values[recent[recent % 7 == phase]].mean(axis=0)
            if (recent % 7 == phase).any()
            else values[recent].mean(axis=0)
            for phase in range(7)
        ]
    )
    return np.concatenate([values, usual[extra % 7]])


def _openness(panel: Panel, dates: pd.DatetimeIndex) -> tuple[Floats, Floats | None]:
    """Days open per step, and its log ratio to the usual where it varies between open steps."""
    open_ = _stretched(panel.open, len(panel.dates), len(dates))
    fractional = bool(((open_ > 0) & (open_ != 1)).any()) and panel.frequency != "D"
    whole = bool(np.isin(panel.open[: len(panel.dates)], (0.0, 1.0)).all())
    if whole and len(panel.open) < len(dates):
        # A weekday that is closed now and then is planned open: rounding keeps "usual" 0 or 1.
        open_ = np.where(np.arange(len(dates))[:, None] >= len(panel.open), open_.round(), open_)
    if panel.frequency == "M":
        days = dates.days_in_month.to_numpy(dtype=float)[:, None]
        base = open_ if open_.max() > 1 else open_ * days
    else:
        base = open_
    if not fractional:
        return base, None
    usual = np.maximum(open_[: len(panel.dates)].max(axis=0), 1e-9)
    return base, np.where(open_ > 0, np.log(np.maximum(open_, 1e-9) / usual), 0.0)


def _own(
    panel: Panel, dates: pd.DatetimeIndex, moving: Floats | None
) -> tuple[Floats, Scaling, list[str]]:
    horizon = len(dates) - len(panel.dates)
    # Plans that the dates ahead lack taught the past what the future will not be told: a backtest
    # with them would promise more than the forecast can keep.
    used = planned(panel, horizon)
    given = {
        name: _stretched(values, len(panel.dates), len(dates))
        for name, values in panel.known.items()
        if used
    }
    if moving is not None:
        given["log open"] = moving
    columns: list[Floats] = []
    kept: list[tuple[str, Floats, float, Floats]] = []
    for name, values in given.items():
        past = values[: len(panel.dates)]
        centre = past.mean(axis=0)
        scale = float(np.sqrt(np.mean((past - centre) ** 2)))
        if scale > 0:
            # A plan far outside what was ever seen is an extrapolation: it counts as the extreme.
            columns.append(np.clip((values - centre) / scale, -8.0, 8.0))
            usual = np.zeros_like(centre) if bool((past == 0).any()) else centre
            kept.append((name, centre, scale, usual))
    n_units = len(panel.units)
    scaling = Scaling(
        np.reshape([centre for _, centre, _, _ in kept], (len(kept), n_units)),
        np.array([scale for _, _, scale, _ in kept]),
        np.reshape([usual for _, _, _, usual in kept], (len(kept), n_units)),
    )
    stacked = np.reshape(columns, (len(kept), len(dates), n_units))
    return stacked, scaling, [name for name, *_ in kept]


def _attributes(panel: Panel) -> Floats:
    told = [values for values in panel.attributes.values() if np.ptp(values) > 0]
    return np.reshape(told, (len(told), len(panel.units)))


def planned(panel: Panel, horizon: int) -> bool:
    """Whether plans reach far enough into the horizon for the known-ahead columns to be used."""
    return len(panel.ahead) >= PLANNED_SHARE * horizon


def _last_year(panel: Panel, dates: pd.DatetimeIndex, years: int) -> NDArray[np.intp]:
    """Row of the comparable date in each earlier year; −1 where the history does not reach."""
    out = np.full((years, len(dates)), -1, dtype=np.intp)
    at = dates
    for year in range(years):
        at = _year_before(panel, at)
        out[year] = dates.get_indexer(at)
    return out


def _year_before(panel: Panel, dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
    if panel.calendar is not None:
        return panel.calendar.last_year(dates, frequency=panel.frequency)
    if panel.frequency != "M":
        return pd.DatetimeIndex(dates - pd.Timedelta(days=364))
    before = dates - pd.DateOffset(years=1)
    return before if dates[0].day == 1 else before + pd.offsets.MonthEnd(0)
