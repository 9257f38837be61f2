"""Real data sets, read with the mapping files beside these tests, against independent sums."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from workbench.data.sales import load_sales
from workbench.data.targets import load_targets
from workbench.panel.build import build_panel

MAPPINGS = Path(__file__).parent / "mappings"


def load(shared_data, file, **options):
    mapping = MAPPINGS / f"{Path(file).parts[0]}.yaml"
    return load_sales(shared_data / file, mapping=mapping, **options)


def totals(sales):
    return sales.frame.groupby("unit")["sales"].sum()


def test_online_retail_by_country_group(shared_data):
    sales = load(shared_data, "online_retail_ii/lines.parquet", by=["region"], currency="GBP")
    daily = pd.read_parquet(shared_data / "online_retail_ii/daily.parquet")
    uk = daily[daily["region"] == "UK"].set_index("date")
    net = uk["gross_sales"] + uk["cancellations"]
    mine = sales.frame[sales.frame["unit"] == "UK"].set_index("date")["sales"]
    assert mine.reindex(net.index).sub(net).abs().max() < 0.02
    assert mine.sum() == pytest.approx(net.sum(), abs=0.05)
    gmv = load(shared_data, "online_retail_ii/lines.parquet", by=["region"], metric="gmv")
    gross = daily.groupby("region", observed=True)["gross_sales"].sum()
    assert totals(gmv)["UK"] == pytest.approx(gross["UK"], abs=0.05)
    assert totals(gmv)["abroad"] == pytest.approx(gross["non-UK"], abs=0.05)
    rows = {entry.rule: entry.rows for entry in sales.report.entries}
    kinds = ("read", "counted", "refunds")
    assert sum(n for rule, n in rows.items() if rule not in kinds) == rows["read"] == 823_643


def test_rossmann_by_store_type(shared_data):
    sales = load(shared_data, "rossmann/store_daily.parquet", by=["store_type"], as_of="2014-12-31")
    days = pd.read_parquet(shared_data / "rossmann/store_daily.parquet")
    stores = pd.read_parquet(shared_data / "rossmann/stores.parquet")
    days = days.merge(stores[["store", "store_type"]], on="store")
    past = days[days["date"] <= "2014-12-31"].groupby("store_type")["sales"].sum()
    assert totals(sales).to_dict() == past.astype(float).to_dict()
    later = days[days["date"] > "2014-12-31"]
    assert sales.later["sales"].sum() == later["sales"].sum()
    assert sales.known["promo"].sum() == later.drop_duplicates("date")["promo"].sum() * 4
    panel = build_panel(sales.frame, sales.known, calendar=None)
    assert panel.sales.shape == (730, 4)
    assert len(panel.ahead) == 120


def test_rossmann_by_store_keeps_the_closed_half_year_unobserved(shared_data):
    sales = load(shared_data, "rossmann/store_daily.parquet", by=["store"])
    assert len(sales.keys) == 1115
    assert "data.missing_days_unknown" in [notice.code for notice in sales.report.notices]


def test_m5_by_store_and_department(shared_data):
    file = "m5/store_dept_daily.parquet"
    sales = load(shared_data, file, by=["store", "category"], metric="units")
    assert len(sales.keys) == 70
    assert len(sales.frame) == 125_860
    assert sales.frame["sales"].sum() == 60_944_762
    stores = totals(load(shared_data, file, by=["store"], metric="units"))
    frame = pd.read_parquet(shared_data / file)
    assert stores.to_dict() == frame.groupby("store_id", observed=True)["units"].sum().to_dict()


def test_adventureworks_orders_and_quotas_by_salesperson(shared_data):
    file = "adventureworks/reseller_orders.parquet"
    sales = load(shared_data, file, by=["salesperson"], as_of="2020-03-31", currency="USD")
    quarter = SimpleNamespace(label="2020Q2", start=dt.date(2020, 4, 1), end=dt.date(2020, 6, 30))
    quotas = shared_data / "adventureworks/quotas_quarterly.parquet"
    targets = load_targets(
        quotas,
        by=["salesperson"],
        period=quarter,
        mapping=MAPPINGS / "adventureworks.yaml",
        units=sales.keys.index,
    )
    table = pd.read_parquet(quotas)
    table = table[table["quarter_start"] == "2020-04-01"]
    table = table.set_index(table["employee_key"].astype(str))
    assert targets.to_dict() == table["quota"].to_dict()
    happened = sales.later.groupby("unit")["sales"].sum()
    assert happened.to_dict() == pytest.approx(table["actual"].to_dict())


def test_the_demo_shops_truth_to_the_cent(tmp_path):
    from workbench.data.demo.write import write_demo

    shop = write_demo(tmp_path / "shop").directory
    plain = load_sales(shop / "orders.csv")
    sales = load_sales(shop / "orders.csv", mapping=shop / "mapping.yaml")
    assert plain.report.fingerprint == sales.report.fingerprint
    truth = pd.read_csv(shop / "truth/baseline_daily.csv", parse_dates=["date"])
    both = sales.frame.merge(truth, left_on=["unit", "date"], right_on=["channel", "date"])
    assert len(both) == len(truth) == len(sales.frame)
    assert both["sales_x"].sub(both["sales_y"]).abs().max() < 0.005
