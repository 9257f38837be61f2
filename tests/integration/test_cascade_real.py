"""A wholesaler's quarterly quota, from the company down to its sales people."""

import pandas as pd
import pytest

from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel
from workbench.target.build import outlook
from workbench.target.cascade import cascade
from workbench.target.cascade_ways import compare_cascades

QUARTER = pd.Timestamp("2020-04-01")


@pytest.fixture(scope="module")
def wholesaler(shared_data):
    """The company's quota for a quarter, and what is expected of each person the day before."""
    folder = shared_data / "adventureworks"
    orders = pd.read_parquet(folder / "reseller_orders.parquet")
    quotas = pd.read_parquet(folder / "quotas_quarterly.parquet")
    person = orders["employee_key"].astype(str)
    month = orders["date"].dt.to_period("M").dt.to_timestamp()
    before = orders.assign(unit=person, date=month)[month < QUARTER]
    every = pd.MultiIndex.from_product([before["unit"].unique(), before["date"].unique()])
    sold = before.groupby(["unit", "date"])["sales"].sum().reindex(every, fill_value=0.0)
    rows = sold.rename_axis(["unit", "date"]).reset_index()
    panel = build_panel(rows, calendar=None)
    paths = forecast(panel, horizon=3, n_paths=300, seed=0)
    seen = outlook(panel, paths, period="2020Q2")
    home = orders["territory"].astype(str).groupby(person).agg(lambda one: one.mode().iloc[0])
    keys = pd.DataFrame({"region": home, "salesperson": home.index}, index=home.index)
    asked = quotas[quotas["quarter_start"] == QUARTER]
    quota = pd.Series(asked["quota"].to_numpy(float), index=asked["employee_key"].astype(str))
    units = [unit for unit in seen.units if unit in quota.index]
    done = pd.Series(asked["actual"].to_numpy(float), index=quota.index)
    return seen.only(units), keys, paths, quota[units], done[units]


def test_the_companys_quota_goes_down_to_people_and_says_that_it_is_out_of_reach(wholesaler):
    seen, keys, paths, quota, actual = wholesaler
    whole = float(quota.sum())
    plan = cascade(whole, seen, keys, paths=paths, unit=100)
    nodes = plan.nodes()
    assert (nodes.groupby("level")["target"].sum() == whole).all()
    for parent, below in nodes[nodes["level"] != "total"].groupby("parent"):
        assert below["target"].sum() == nodes.set_index("node").loc[parent, "target"]
    sheet = plan.sheet()
    months = sheet[sheet["span"] == "month"].groupby("node")["target"].sum()
    assert months.to_dict() == nodes.set_index("node")["target"].to_dict()
    # Nearly all quotas were missed, and the sum by far: it had to be said beforehand.
    assert plan.company_probability < 0.2
    assert actual.sum() < whole
    assert (actual >= quota).mean() < 0.2


def test_the_quotas_as_they_were_set_lie_far_less_evenly_than_the_cascade(wholesaler):
    seen, keys, _, quota, _ = wholesaler
    plan = cascade(float(quota.sum()), seen, keys, unit=100)
    people = plan.at("salesperson")["probability"]
    given = seen.probability(quota)
    # Equal among siblings; a region of several people is a surer sum, so its people get a little
    # less of a chance than one who is a region alone.
    home = keys["region"].reindex(people.index)
    assert people.groupby(home).agg(lambda one: one.max() - one.min()).max() < 0.01
    regions = plan.at("region")["probability"]
    assert regions.max() - regions.min() < 0.01
    assert people.max() - people.min() < 0.1
    assert given.max() - given.min() > 0.5
    table = compare_cascades(plan).table()
    by_history = table[table["level"] == "salesperson"]["probability_history"]
    assert by_history.max() - by_history.min() > 0.3
    held = plan.relock({"Canada": 1_500_000, "282": 900_000})
    assert held.targets["282"] == 900_000
    assert held.at("region").loc["Canada", "target"] == 1_500_000
    assert held.amounts[held.tree.leaf].sum() == quota.sum()
