"""From real orders to the report, with nothing but the notebook's own parameters."""

import json
from pathlib import Path

import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.data.sales import load_sales
from workbench.data.targets import load_targets
from workbench.forecast.engine import forecast
from workbench.panel.build import build_panel
from workbench.target.build import outlook
from workbench.target.given import given_targets

from .conftest import MAPPINGS, adds_up_to, must_hold

pytestmark = pytest.mark.usefixtures("shared_data")
BEFORE = pd.Timedelta(days=1)


def given(shared_data: Path, file: str, **parameters: object) -> dict[str, object]:
    mapping = MAPPINGS / f"{Path(file).parts[0]}.yaml"
    return {
        "source": str(shared_data / file),
        "mapping": str(mapping),
        "n_paths": 400,
        **parameters,
    }


@pytest.fixture(scope="module")
def retail(finish, shared_data):
    """Order lines of a gift wholesaler, the middle of a running quarter."""
    file = "online_retail_ii/lines.parquet"
    asked = {"by": ["region"], "country": "GB", "currency": "GBP", "as_of": "2011-05-31"}
    return finish("20", **given(shared_data, file, **asked, period="2011Q2", target=2_000_000.01))


@pytest.fixture(scope="module")
def rossmann(finish, shared_data):
    """Daily sales of drug stores; promotions and opening days of the quarter are known ahead."""
    file = "rossmann/store_daily.parquet"
    asked = {"by": ["store_type"], "country": "DE", "currency": "EUR", "as_of": "2015-02-14"}
    limits = {"target": 560_000_000, "rounding": 1000, "locks": {"b": 16_000_000}}
    return finish("20", **given(shared_data, file, **asked, **limits, period="2015Q1"))


@pytest.fixture(scope="module")
def walmart(finish, shared_data):
    """Seventy departments in pieces, the day before the quarter."""
    file = "m5/store_dept_daily.parquet"
    asked = {"by": ["store", "category"], "country": "US", "metric": "units"}
    when = {"as_of": "2015-09-30", "period": "2015Q4", "language": "zh"}
    return finish("20", **given(shared_data, file, **asked, **when))


@pytest.fixture(scope="module")
def bicycles(finish, shared_data):
    """Orders by salesperson, with the quotas that were really set for the quarter."""
    file = "adventureworks/reseller_orders.parquet"
    quotas = str(shared_data / "adventureworks" / "quotas_quarterly.parquet")
    asked = {"by": ["salesperson"], "country": "US", "currency": "USD", "targets": quotas}
    return finish("20", **given(shared_data, file, **asked, as_of="2020-03-31", period="2020Q2"))


@pytest.mark.parametrize("shop", ["retail", "rossmann", "walmart", "bicycles"])
def test_the_report_is_whole_and_its_numbers_agree(request, shop):
    run = request.getfixturevalue(shop)
    must_hold(run)
    words = {"walmart": ("目标与实际", "Target setting")}.get(
        shop, ("Targets and what happened", "目标制定")
    )
    assert words[0] in run.page
    assert words[1] not in run.page
    looked_back = run.table("hindsight")
    assert set(run.table("allocation").index) | {""} == set(looked_back.index)
    units = looked_back.drop("")["actual"]
    assert units.sum() == pytest.approx(looked_back.loc["", "actual"], abs=0.01)
    published = {unit: run.numbers[unit, "outcome"] for unit in units.index}
    assert published == pytest.approx(units.round(2).to_dict())


def test_order_lines_in_a_running_quarter(retail, shared_data):
    adds_up_to(retail, "2000000.01")
    assert set(retail.table("allocation").index) == {"UK", "abroad"}
    daily = pd.read_parquet(shared_data / "online_retail_ii" / "daily.parquet")
    uk = daily[(daily["region"] == "UK") & daily["date"].between("2011-04-01", "2011-05-31")]
    net = uk["gross_sales"].sum() + uk["cancellations"].sum()
    assert retail.numbers["UK", "actual"] == pytest.approx(net, abs=0.02)
    done = retail.numbers["", "actual"]
    assert retail.numbers["", "attainment"] == pytest.approx(done / 2_000_000.01, abs=1e-6)
    assert done < retail.numbers["", "commit"]
    assert {"data.refund_without_order", "data.negative_price"} <= retail.codes


def test_promotions_known_ahead_and_a_locked_store_type(rossmann, shared_data):
    adds_up_to(rossmann, "560000000")
    parts = rossmann.table("allocation")["target"]
    assert parts["b"] == 16_000_000
    assert (parts % 1000 == 0).all()
    assert "panel.known_not_ahead" not in rossmann.codes
    days = pd.read_parquet(shared_data / "rossmann" / "store_daily.parquet")
    quarter = days[days["date"].between("2015-01-01", "2015-03-31")]
    past = quarter.loc[quarter["date"] <= "2015-02-14", "sales"].sum()
    assert rossmann.numbers["", "actual"] == past
    assert rossmann.numbers["", "outcome"] == quarter["sales"].sum()
    assert f"{quarter['sales'].sum():,}" in rossmann.page
    levels = rossmann.table("proposal").loc[""]
    assert levels["stretch"] / levels["commit"] < 1.3


def test_promotions_known_ahead_move_the_forecast(shared_data):
    """Without promotions in the days ahead the same stores are expected to sell clearly less."""
    file, when = "rossmann/store_daily.parquet", "2015-03-31"
    given_by = {"mapping": MAPPINGS / "rossmann.yaml", "by": ["store_type"], "as_of": when}
    sales = load_sales(shared_data / file, **given_by)
    assert set(sales.known["promo"].unique()) == {0.0, 1.0}
    means = []
    for plan in (sales.known, sales.known.assign(promo=0.0)):
        panel = build_panel(sales.frame, plan, "DE")
        means.append(
            forecast(panel, horizon=30, n_paths=200, seed=0).values.sum(axis=(1, 2)).mean()
        )
    assert means[1] < 0.95 * means[0]


def test_seventy_departments_in_pieces_and_in_chinese(walmart):
    assert len(walmart.table("allocation")) == 70
    assert {one["unit"] for one in walmart.record["metrics"]} >= {"pieces", "probability"}
    assert ("", "target") not in walmart.numbers
    assert "goal.none_set" in walmart.codes
    base = round(walmart.numbers["", "base"])
    adds_up_to(walmart, f"{base}")
    assert (walmart.table("allocation")["target"] % 1 == 0).all()
    assert walmart.numbers["", "outcome"] == 3_488_649
    assert base == pytest.approx(3_488_649, rel=0.1)


def test_every_quota_has_its_probability_and_what_happened(bicycles, shared_data):
    quotas = pd.read_parquet(shared_data / "adventureworks" / "quotas_quarterly.parquet")
    quotas = quotas[quotas["quarter_start"] == "2020-04-01"].set_index("employee_key")
    quotas.index = quotas.index.astype(str)
    asked = bicycles.table("targets")
    assert asked.drop("")["target"].sort_index().to_dict() == quotas["quota"].sort_index().to_dict()
    assert asked.loc["", "target"] == quotas["quota"].sum()
    adds_up_to(bicycles, f"{quotas['quota'].sum():.2f}")
    past = bicycles.table("hindsight").drop("")
    pd.testing.assert_series_equal(
        past["actual"].sort_index(), quotas["actual"].sort_index(), check_names=False, atol=0.02
    )
    assert past.index[past["reached"]].to_list() == ["290"]
    assert "86.6 %" in bicycles.page.replace("\u00a0", " ")
    assert asked.loc["", "probability"] < 0.5


def test_quotas_are_called_less_likely_by_what_became_of_earlier_ones(bicycles):
    table = bicycles.table("earlier")
    assert table["by_earlier"].mean() < 0.5 * table["probability"].mean()
    assert table["reached"].sum() < 0.25 * table["expected"].sum()
    assert "set higher than the shop" in bicycles.page.replace("\n", " ")
    assert bicycles.numbers["", "probability_by_earlier"] < asked_of(bicycles)


def asked_of(run) -> float:
    return run.table("targets").loc["", "probability"]


def test_quotas_that_were_rarely_reached_were_called_unlikely(shared_data, bicycles):
    """Nine of 163 quotas were reached; each is judged by what was known the day before."""
    folder = shared_data / "adventureworks"
    mapping, period = MAPPINGS / "adventureworks.yaml", parse_period("2019Q3")
    options = {"mapping": mapping, "by": ["salesperson"]}
    eve = (pd.Timestamp(period.start) - BEFORE).date()
    sales = load_sales(folder / "reseller_orders.parquet", as_of=eve, **options)
    panel = build_panel(sales.frame, sales.known, "US")
    ahead = outlook(panel, forecast(panel, horizon=92, n_paths=400, seed=0), period=period)
    set_then = load_targets(folder / "quotas_quarterly.parquet", period=period, **options)
    earlier = given_targets(set_then, ahead, later=sales.later).drop("")
    later = bicycles.table("targets").drop("")
    chances = pd.concat([earlier["probability"], later["probability"]])
    assert len(chances) >= 30
    assert earlier["reached"].sum() == 1
    assert chances.mean() < 0.35
    assert (chances < 0.5).mean() > 0.8


def test_the_parameters_of_a_run_repeat_it(retail, finish):
    """params.yaml of a finished run, given back, yields the same numbers."""
    import yaml

    again = yaml.safe_load((retail.folder / "params.yaml").read_text("utf-8"))
    again.pop("out")
    second = finish("20", **again)
    assert second.record["metrics"] == retail.record["metrics"]
    assert second.record["data"] == retail.record["data"]
    assert json.dumps(second.record["notices"]) == json.dumps(retail.record["notices"])
