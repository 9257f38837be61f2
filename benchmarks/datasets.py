"""Real data sets as long tables, each with its horizon and how many windows it is scored on.

They lie in ``shared/data`` beside the checkout and are no part of the project.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True, eq=False)
class Dataset:
    """One data set and how it is scored.

    Attributes:
        frame: unit, date, sales and known-ahead columns, over the whole span.
        horizon: steps of a period.
        windows: how many periods, without overlap, end with the last date.
        calendar: country code.
        steps_per_year: after which the same season comes round.
        attributes: columns that say what a unit is; models of one unit learn nothing from them.
    """

    name: str
    frame: pd.DataFrame
    horizon: int
    windows: int
    calendar: str | None
    steps_per_year: int
    attributes: tuple[str, ...] = ()

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Every date on which some unit has a row."""
        return pd.DatetimeIndex(self.frame["date"].unique()).sort_values()

    @property
    def known(self) -> list[str]:
        """Names of the known-ahead columns."""
        others = ("unit", "date", "sales", *self.attributes)
        return [name for name in self.frame.columns if name not in others]

    def split(self, cutoff: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        """What was known on ``cutoff``: sales up to it, plans after it. Units then unborn are left
        out."""
        past = self.frame[self.frame["date"] <= cutoff]
        if not self.known:
            return past, None
        born = set(past.loc[past["sales"].notna(), "unit"])
        later = self.frame[(self.frame["date"] > cutoff) & self.frame["unit"].isin(born)]
        return past, later.drop(columns="sales")

    def cutoffs(self) -> list[pd.Timestamp]:
        """The last known date before each window, oldest first."""
        dates = self.dates
        return [dates[-1 - self.horizon * k] for k in range(self.windows, 0, -1)]


def store_attributes(folder: Path = DATA) -> pd.DataFrame:
    """What each German store is, by its number: type, assortment, log distance to competition."""
    stores = pd.read_parquet(folder / "rossmann/stores.parquet").set_index("store")
    distance = np.log1p(stores["competition_distance_m"].astype(float))
    kinds = stores[["store_type", "assortment"]].astype(str)
    return kinds.assign(competition=distance)


def rossmann(folder: Path = DATA) -> Dataset:
    """120 German stores by day; promotions, opening and school holidays known ahead, what kind of
    store it is and how far its competition.

    Stores without missing days, open on more than 700 of them and never closed for longer than six
    days; every so many of them in the order of their numbers.
    """
    rows = pd.read_parquet(folder / "rossmann/store_daily.parquet")
    n_days = rows.groupby("store")["date"].nunique()
    opened = rows[rows["open"] > 0].sort_values("date").groupby("store")["date"]
    gap = opened.apply(lambda dates: dates.diff().dt.days.max())
    steady = (n_days == n_days.max()) & (opened.size() > 700) & (gap <= 6)
    stores = n_days.index[steady]
    chosen = stores[:: max(1, len(stores) // 120)][:120]
    rows = rows[rows["store"].isin(chosen)]
    frame = rows.rename(columns={"store": "unit"})[
        ["unit", "date", "sales", "open", "promo", "school_holiday"]
    ]
    attributes = store_attributes(folder)
    frame = frame.join(attributes, on="unit")
    frame = frame.assign(unit=frame["unit"].map("store {:04d}".format))
    return Dataset("rossmann", frame, 84, 4, "DE", 364, tuple(attributes))


def m5(folder: Path = DATA) -> Dataset:
    """70 departments of stores, units a day; food-stamp days known ahead."""
    rows = pd.read_parquet(folder / "m5/store_dept_daily.parquet")
    days = pd.read_parquet(folder / "m5/calendar.parquet")
    snap = days.melt("date", ["snap_ca", "snap_tx", "snap_wi"], "state_id", "snap")
    snap["state_id"] = snap["state_id"].str[-2:].str.upper()
    rows = rows.assign(state_id=rows["state_id"].astype(str)).merge(snap, on=["date", "state_id"])
    frame = pd.DataFrame(
        {
            "unit": rows["store_id"].astype(str) + " " + rows["dept_id"].astype(str),
            "date": rows["date"],
            "sales": rows["units"].astype(float),
            "snap": rows["snap"],
        }
    )
    return Dataset("m5", frame, 91, 8, "US", 364)


def m5_month(folder: Path = DATA) -> Dataset:
    """The same days in periods of 30."""
    return replace(m5(folder), name="m5_month", horizon=30, windows=12)


def m5_monthly(folder: Path = DATA) -> Dataset:
    """Ten stores' monthly revenue; quarters."""
    rows = pd.read_parquet(folder / "m5/store_monthly_revenue.parquet")
    rows = rows[rows["month"] >= "2011-02-01"]
    frame = pd.DataFrame(
        {"unit": rows["store_id"].astype(str), "date": rows["month"], "sales": rows["revenue"]}
    )
    return Dataset("m5_monthly", frame, 3, 8, "US", 12)


def online_retail(folder: Path = DATA) -> Dataset:
    """A wholesaler's sales at home and abroad, less cancellations; 21 months only."""
    rows = pd.read_parquet(folder / "online_retail_ii/daily.parquet")
    frame = pd.DataFrame(
        {
            "unit": rows["region"].astype(str),
            "date": rows["date"],
            "sales": rows["gross_sales"] + rows["cancellations"],
        }
    )
    return Dataset("online_retail", _every_day(frame), 56, 5, "GB", 364)


def online_retail_quarter(folder: Path = DATA) -> Dataset:
    """The same in quarters: three, the first after a year of history."""
    return replace(online_retail(folder), name="online_retail_quarter", horizon=91, windows=3)


def adventureworks(folder: Path = DATA) -> Dataset:
    """Seventeen salespeople, few orders a day; quarters of 91 days."""
    rows = pd.read_parquet(folder / "adventureworks/reseller_orders.parquet")
    rows = rows.assign(unit=rows["employee_key"].map("employee {}".format))
    return Dataset("adventureworks", _orders_by_day(rows), 91, 6, "US", 364)


def adventureworks_territory(folder: Path = DATA) -> Dataset:
    """The same orders by ten territories, four of which begin after a year or two."""
    rows = pd.read_parquet(folder / "adventureworks/reseller_orders.parquet")
    rows = rows.assign(unit=rows["territory"].astype(str))
    return Dataset("adventureworks_territory", _orders_by_day(rows), 91, 6, "US", 364)


def orange_juice(folder: Path = DATA) -> Dataset:
    """Ounces a week of 11 brands in 20 stores; price and deals known ahead."""
    rows = pd.read_parquet(folder / "orange_juice/store_brand_weekly.parquet")
    stores = rows.groupby("store").size().nlargest(20).index
    rows = rows[rows["store"].isin(stores)]
    first = pd.Timestamp("1989-09-14")
    frame = pd.DataFrame(
        {
            "unit": rows["store"].map("{:03d}".format) + "/" + rows["brand"].map("{:02d}".format),
            "date": first + pd.to_timedelta(7 * (rows["week"] - 1), unit="D"),
            "sales": rows["ounces"].astype(float),
            "price": rows["own_price_per_oz"].astype(float),
            "deal": rows["deal"],
            "feature": rows["feat"].astype(float),
        }
    )
    return Dataset("orange_juice", frame, 13, 4, "US", 52)


def _orders_by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return _every_day(rows.groupby(["unit", "date"])["sales"].sum().reset_index())


def _every_day(frame: pd.DataFrame) -> pd.DataFrame:
    """A row of zero for each day without sales, from a unit's first to the last day of all."""
    wide = frame.pivot_table(index="date", columns="unit", values="sales", aggfunc="sum")
    days = pd.date_range(wide.index[0], wide.index[-1])
    wide = wide.reindex(days)
    begun = wide.notna().cummax()
    filled = wide.fillna(0.0).where(begun)
    long = filled.rename_axis(index="date", columns="unit").reset_index()
    return long.melt("date", value_name="sales").dropna(subset="sales")


DATASETS: Mapping[str, Callable[[Path], Dataset]] = {
    made.__name__: made
    for made in (
        rossmann,
        m5,
        m5_month,
        m5_monthly,
        online_retail,
        online_retail_quarter,
        adventureworks,
        adventureworks_territory,
        orange_juice,
    )
}
