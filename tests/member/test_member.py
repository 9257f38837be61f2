"""Members whose habits are known: what is fitted, expected and refused."""

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.errors import DataError
from workbench.member.buying import alive, expected_orders, fit_buying, simulate_orders
from workbench.member.purchases import Purchases, summarise_purchases
from workbench.member.repurchase import past_error, repurchase
from workbench.member.segments import SEGMENTS, Rules, rfm_table, segment_members
from workbench.member.spending import Spending, expected_spend, fit_spending

TRUE = {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 3.0}
ORIGIN = pd.Timestamp("2025-01-01")


def shop(n, weeks, seed=0, later=0):
    """Order rows of ``n`` members who came in the first 30 weeks, over ``weeks`` + ``later``."""
    rng = np.random.default_rng(seed)
    joined = rng.integers(0, 30 * 7, n)
    rate = rng.gamma(TRUE["r"], 1 / TRUE["alpha"], n)
    leave = rng.beta(TRUE["a"], TRUE["b"], n)
    worth = 6.0 * 20.0 / rng.gamma(4.0, 1.0, n)
    rows = []
    for member in range(n):
        day, end = float(joined[member]), (weeks + later) * 7
        while day < end:
            rows.append((f"m{member}", int(day), rng.gamma(6.0) * worth[member] / 6.0))
            if len(rows) and day != joined[member] and rng.random() < leave[member]:
                break
            day += rng.exponential(7 / rate[member]) + 1
    table = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    table["date"] = ORIGIN + pd.to_timedelta(table["day"], unit="D")
    return table[["customer_id", "date", "amount"]]


def day(weeks):
    return ORIGIN + pd.Timedelta(days=weeks * 7 - 1)


@pytest.fixture(scope="module")
def rows():
    return shop(3000, 60, later=26)


@pytest.fixture(scope="module")
def known(rows):
    return summarise_purchases(rows, as_of=day(60))


@pytest.fixture(scope="module")
def model(known):
    return fit_buying(known)


def test_purchases_by_hand():
    rows = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", None, " "] + [f"m{i}" for i in range(60)] * 2,
            "date": ["2026-01-01", "2026-01-01", "2026-01-15", "2026-02-01", "2026-02-01"]
            + ["2026-02-01"] * 61
            + ["2026-02-15"] * 60,
            "amount": [30.0, 12.5, 71.0, 0.0, 8.0, 8.0] + [10.0] * 120,
        }
    )
    found = summarise_purchases(rows, as_of="2026-03-05")
    assert found.members[:2] == ("a", "b")
    assert found.repeats[:2].tolist() == [1.0, 0.0]
    assert found.recency[0] == 2.0
    assert found.age[0] == 9.0
    assert found.spend[:2].tolist() == [71.0, 0.0]
    assert found.first[:2].tolist() == [42.5, 0.0]
    assert found.dropped == 1
    later = summarise_purchases(rows, as_of="2026-03-05", since="2026-01-20")
    assert "a" not in later.members


def test_the_habits_put_in_are_found(model):
    mean_rate = model.r / model.alpha
    assert mean_rate == pytest.approx(TRUE["r"] / TRUE["alpha"], rel=0.25)
    leaving = model.a / (model.a + model.b)
    assert leaving == pytest.approx(0.9 / 3.9, abs=0.08)


def test_orders_expected_are_those_simulated_on_average(model, known):
    said = expected_orders(model, known, 20)
    drawn = [
        simulate_orders(model, known, 20, rng=np.random.default_rng(seed)) for seed in range(60)
    ]
    mean = np.mean(drawn, axis=0)
    assert mean.sum() == pytest.approx(said.sum(), rel=0.02)
    busy = said > np.quantile(said, 0.9)
    assert mean[busy].sum() == pytest.approx(said[busy].sum(), rel=0.03)


def test_who_was_silent_for_long_after_buying_often_has_probably_gone(model):
    def member(repeats, recency, age):
        one = (np.array([float(v)]) for v in (repeats, recency, age, 10, 10))
        return Purchases(("x",), *one, as_of=ORIGIN)

    assert alive(model, member(0, 0, 40))[0] == 1.0
    assert alive(model, member(9, 39, 40))[0] > 0.7
    assert alive(model, member(9, 15, 40))[0] < 0.1
    few, many = (expected_orders(model, member(4, 38, 40), w)[0] for w in (4, 12))
    assert 0 < few < many


def test_what_was_spent_is_found():
    rng = np.random.default_rng(3)
    n = 30_000
    repeats = rng.integers(1, 9, n).astype(float)
    worth = 15.0 / rng.gamma(3.7, 1.0, n)
    spend = rng.gamma(6.2 * repeats) * worth / repeats
    bought = Purchases(
        tuple(map(str, range(n))), repeats, repeats, repeats + 1, spend, spend, as_of=ORIGIN
    )
    found = fit_spending(bought)
    assert (found.p, found.q, found.v) == pytest.approx((6.2, 3.7, 15.0), rel=0.12)
    assert expected_spend(found, bought).mean() == pytest.approx(spend.mean(), rel=0.03)
    doubled = Purchases(
        bought.members, repeats, repeats, repeats + 1, 2 * spend, spend, as_of=ORIGIN
    )
    assert fit_spending(doubled).v == pytest.approx(2 * found.v, rel=1e-3)


def test_segments_by_hand():
    silent = np.array([10, 10, 10, 10, 150, 150, 400, 10.0]) / 7
    repeats = np.array([5, 5, 1, 0, 0, 2, 2, 0.0])
    age = np.full(8, 60.0)
    spend = np.array([90, 20, 20, 0, 0, 20, 20, 0.0])
    bought = Purchases(tuple("abcdefgh"), repeats, age - silent, age, spend, np.ones(8), ORIGIN)
    found = segment_members(bought, Rules(recent_days=90, frequent=3, high_value=0.1))
    assert found.to_dict() == {
        "a": "champions",
        "b": "loyal",
        "c": "growing",
        "d": "new",
        "e": "once",
        "f": "at_risk",
        "g": "sleeping",
        "h": "new",
    }
    table = rfm_table(bought, found)
    assert table["members"].sum() == 8
    assert table["sales_share"].sum() == pytest.approx(1.0)
    assert list(table.index) == [name for name in SEGMENTS if name in set(found)]


def test_the_range_of_a_segments_orders_holds_what_came():
    """Of 12 shops, four fifths of the segments' orders should lie in the 80 % range."""
    inside = []
    for seed in range(12):
        rows = shop(900, 50, seed=seed, later=13)
        known = summarise_purchases(rows, as_of=day(50))
        segments = segment_members(known)
        model, spending = fit_buying(known), fit_spending(known)
        said = repurchase(model, spending, known, segments, weeks=13, n_paths=400, seed=seed)
        later = rows[rows["date"] > day(50)].drop_duplicates(["customer_id", "date"])
        came = later["customer_id"].map(segments).value_counts()
        for name in said.segments:
            low, high = said.table.loc[name, ["orders_p10", "orders_p90"]]
            inside.append(low <= came.get(name, 0) <= high)
    assert 0.65 <= np.mean(inside) <= 0.95


def test_repurchase_repeats_itself_and_widens_with_a_shock(model, known):
    segments = segment_members(known)
    spending = Spending(6.0, 4.0, 60.0)
    options = {"weeks": 13, "n_paths": 300, "seed": 4}
    one, other = (repurchase(model, spending, known, segments, **options) for _ in range(2))
    np.testing.assert_array_equal(one.orders, other.orders)
    wide = repurchase(model, spending, known, segments, shock=0.4, **options)
    assert wide.sales.sum(axis=1).std() > 2 * one.sales.sum(axis=1).std()
    expected = float(expected_orders(model, known, 13).sum())
    assert one.orders.sum(axis=1).mean() == pytest.approx(expected, rel=0.05)


def test_earlier_stretches_are_asked_with_what_was_known_then(rows):
    found = past_error(rows, as_of=day(80), weeks=13)
    assert len(found) == 3
    assert (found["error"].abs() < 0.35).all()
    changed = rows.copy()
    changed.loc[changed["date"] > day(80), "amount"] = 1e6
    pd.testing.assert_frame_equal(past_error(changed, as_of=day(80), weeks=13), found)


@pytest.mark.parametrize(
    ("change", "words", "code"),
    [
        (lambda t: t.drop(columns="amount"), "lack columns", "member.columns"),
        (lambda t: t.assign(customer_id=None), "No purchase names its member", "member.no_ids"),
        (lambda t: t.assign(date="soon"), "cannot be read", "member.unreadable"),
        (lambda t: t.assign(amount="x"), "cannot be read", "member.unreadable"),
        (lambda t: t.head(20), "too few members", "member.too_few"),
        (lambda t: t.drop_duplicates("customer_id"), "too few members", "member.too_few"),
    ],
)
def test_what_cannot_be_used_is_refused(rows, change, words, code):
    with pytest.raises(DataError, match=words) as caught:
        summarise_purchases(change(rows))
    assert caught.value.problems[0].code == code


def test_habits_that_the_data_do_not_settle_are_refused():
    """Everybody buys every week without end: nobody ever leaves."""
    n = 200
    same = np.full(n, 40.0)
    bought = Purchases(tuple(map(str, range(n))), same, same, same, same, same, ORIGIN)
    with pytest.raises(wb.ForecastError, match="do not settle") as caught:
        fit_buying(bought)
    assert caught.value.problems[0].code == "member.unsettled"


def test_members_who_may_leave_from_the_first_purchase_are_fitted_so():
    rng = np.random.default_rng(8)
    n, age = 4000, 60.0
    rate, leave = rng.gamma(1.0, 1 / 5.0, n), rng.beta(2.0, 4.0, n)
    repeats, recency = np.zeros(n), np.zeros(n)
    active = np.ones(n, dtype=bool)
    for member in range(n):
        now = 0.0
        while True:
            if rng.random() < leave[member]:
                active[member] = False
                break
            now += rng.exponential(1 / rate[member])
            if now > age:
                break
            repeats[member] += 1
            recency[member] = now
    ten = np.full(n, 10.0)
    bought = Purchases(
        tuple(map(str, range(n))), repeats, recency, np.full(n, age), ten, ten, as_of=ORIGIN
    )
    model = fit_buying(bought, from_first=None)
    assert model.from_first
    here = alive(model, bought)
    assert here.mean() == pytest.approx(active.mean(), abs=0.04)
    once = repeats == 0
    assert here[once].mean() == pytest.approx(active[once].mean(), abs=0.06)
    drawn = [
        simulate_orders(model, bought, 12, rng=np.random.default_rng(seed)).sum()
        for seed in range(40)
    ]
    assert np.mean(drawn) == pytest.approx(expected_orders(model, bought, 12).sum(), rel=0.03)
