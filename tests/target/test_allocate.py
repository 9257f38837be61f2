"""Allocation: exact sums, limits, fairness, invariants, feasibility against linear programming."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from workbench.errors import TargetError
from workbench.target.allocate import allocate
from workbench.target.outlook import Outlook

METHODS = ("equal_probability", "history")


def test_equal_probability_means_what_it_says(skewed: Outlook) -> None:
    plan = allocate(1500, skewed)
    assert plan.targets.sum() == 1500
    assert plan.tau is not None
    assert plan.probabilities.tolist() == pytest.approx([1 - plan.tau] * 3, abs=5e-4)
    assert plan.company_probability == skewed.probability(1500)
    assert plan.method == "equal_probability"
    assert (plan.limits == "").all()


def test_history_and_share_split_in_proportion(skewed: Outlook) -> None:
    plan = allocate(1340, skewed, by="history")
    assert plan.targets.to_dict() == {"online": 900.0, "store": 410.0, "群": 30.0}
    assert plan.tau is None
    plan = allocate(1000, skewed, by="share", shares={"online": 5, "store": 3, "群": 2})
    assert plan.targets.tolist() == [500, 300, 200]


def test_a_share_of_zero_is_zero(skewed: Outlook) -> None:
    plan = allocate(5e9, skewed, by="share", shares={"online": 3, "store": 1, "群": 0})
    assert plan.targets.tolist() == [3.75e9, 1.25e9, 0]


def test_given_history_replaces_last_year(skewed: Outlook) -> None:
    given_history = pd.Series({"online": 1.0, "store": 1.0, "群": 2.0})
    plan = allocate(400, skewed, by="history", history=given_history)
    assert plan.targets.tolist() == [100, 100, 200]
    assert plan.table()["growth"].tolist() == [99, 99, 99]


def test_a_unit_without_history_stands_in_with_its_outlook(make_outlook) -> None:
    totals = np.array([[100.0, 50.0, 80.0]]) * np.linspace(0.9, 1.1, 101)[:, None]
    outlook = make_outlook(totals, last_year=[80.0, 40.0, np.nan])
    plan = allocate(1840, outlook, by="history")
    # The others stood at 0.8 of their median outlook: 80 counts as 64.
    assert plan.targets.tolist() == [800, 400, 640]
    assert "1: u2" in plan.notices[0].text()
    assert "没有可比的历史金额" in plan.notices[0].text("zh")
    assert allocate(230, outlook).notices == ()


def test_locks_floors_caps_and_growth_hold_and_the_rest_is_solved_again(skewed: Outlook) -> None:
    plan = allocate(1500, skewed, locks={"store": 400})
    assert plan.targets["store"] == 400
    free = plan.probabilities[["online", "群"]]
    assert free.iloc[0] == pytest.approx(free.iloc[1], abs=1e-3)
    assert plan.limits.to_dict() == {"online": "", "store": "locked", "群": ""}
    assert allocate(1500, skewed, floors={"群": 90}).targets["群"] == 90
    assert allocate(1500, skewed, caps={"online": 950}).limits["online"] == "cap"
    grown = allocate(1500, skewed, max_growth={"online": 0.1})
    assert grown.targets["online"] == pytest.approx(990)
    assert grown.limits["online"] == "growth"
    assert grown.targets.sum() == 1500


def test_everything_locked(skewed: Outlook) -> None:
    locks = {"online": 1000.1, "store": 333.33, "群": 66.6}
    plan = allocate(1400.03, skewed, locks=locks)
    assert plan.targets.to_dict() == pytest.approx(locks, abs=1e-9)
    assert plan.targets.sum() == 1400.03
    assert plan.notices == ()


def test_rounding_to_thousands(make_outlook) -> None:
    rng = np.random.default_rng(8)
    outlook = make_outlook(rng.gamma(20, [4e3, 9e3, 2e4], (500, 3)), ["a", "b", "c"])
    plan = allocate(700_000, outlook, unit=1000)
    assert plan.targets.sum() == 700_000
    assert (plan.targets % 1000 == 0).all()
    odd = allocate(712_345.67, outlook, unit=1000)
    assert odd.targets.sum() == 712_345.67
    assert (odd.targets[["a", "b"]] % 1000 == 0).all()
    assert "712,345.67; the unit is 1,000" in odd.notices[0].text()


def test_cents_are_cents(skewed: Outlook) -> None:
    plan = allocate(1500.05, skewed)
    cents = plan.targets * 100
    assert np.abs(cents - cents.round()).max() < 1e-8


def test_a_target_of_many_digits_still_adds_up(skewed: Outlook) -> None:
    target = skewed.target_at(0.4)
    plan = allocate(target, skewed)
    assert plan.targets.sum() == target
    assert [notice.code for notice in plan.notices] == ["target.not_whole"]


@pytest.mark.parametrize(
    ("target", "code"), [(60_000, "target.above_all_paths"), (300, "target.below_all_paths")]
)
def test_a_target_beyond_all_paths_is_split_and_told(skewed: Outlook, target, code) -> None:
    plan = allocate(target, skewed)
    assert plan.targets.sum() == target
    assert [notice.code for notice in plan.notices] == [code]
    assert len(set(plan.probabilities.round(9))) == 1
    assert str(target)[:2] in plan.notices[0].text("zh")


def test_a_period_that_is_over_splits_in_proportion_to_what_was_sold(make_outlook) -> None:
    outlook = make_outlook([[30.0, 70.0]])
    assert allocate(200, outlook).targets.tolist() == [60, 140]
    assert allocate(100, outlook).probabilities.tolist() == [1.0, 1.0]
    assert allocate(200, outlook).company_probability == 0.0


def test_one_unit_carries_all(make_outlook) -> None:
    plan = allocate(77.7, make_outlook(np.arange(1.0, 100.0)[:, None]))
    assert plan.targets.tolist() == [77.7]
    assert plan.probabilities.iloc[0] == pytest.approx(plan.company_probability)


def test_many_units(make_outlook) -> None:
    rng = np.random.default_rng(4)
    outlook = make_outlook(rng.gamma(5, 200, (200, 5000)))
    plan = allocate(5_123_456.78, outlook, caps=1_150, floors={"u3": 1_120.0})
    assert plan.targets.sum() == 5_123_456.78
    assert plan.targets.max() <= 1_150 + 1e-6
    free = plan.probabilities[plan.limits == ""]
    # A cent lies between two paths of 201 at the farthest.
    assert free.max() - free.min() <= 2 / 201


def test_nothing_given_is_changed(skewed: Outlook) -> None:
    locks = pd.Series({"online": 900.0})
    history = pd.Series({"online": 1.0, "store": 2.0, "群": np.nan})
    before = (locks.copy(), history.copy(), skewed.totals.copy())
    allocate(1500, skewed, by="history", locks=locks, history=history, max_growth=5000)
    pd.testing.assert_series_equal(locks, before[0])
    pd.testing.assert_series_equal(history, before[1])
    pd.testing.assert_frame_equal(skewed.totals, before[2])


def test_table_says_all(skewed: Outlook) -> None:
    table = allocate(1500, skewed, locks={"群": 60}).table()
    assert list(table.columns) == [
        "target",
        "share",
        "probability",
        "limit",
        "history",
        "growth",
    ]
    assert table.loc["群", "growth"] == pytest.approx(1.0)
    assert table["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        (0, {}, "The target is zero"),
        (-1, {}, "The target is negative"),
        ("5e6", {}, "The target is not a number"),
        (1500, {"by": "fair"}, "no such way of splitting"),
        (1500, {"by": "share"}, "Some units have no share"),
        (1500, {"by": "share", "shares": {"online": 1}}, r"no share\.\nFound: store, 群"),
        (1500, {"by": "share", "shares": dict.fromkeys(["online", "store", "群"], 0)}, "are zero"),
        (1500, {"unit": 0}, "rounding unit cannot be used"),
        (1500, {"unit": -1}, "rounding unit cannot be used"),
        (1500, {"unit": "cent"}, "rounding unit cannot be used"),
        (1500, {"unit": 1e-12}, "rounding unit cannot be used"),
        (1500, {"locks": {"onlin": 5}}, "locks names units"),
        (1500, {"locks": 700}, "locks must be given per unit"),
        (1500, {"locks": {"online": None}}, "locks holds amounts that are missing"),
        (1500, {"floors": 501}, "add up to more than the target"),
        (1500, {"caps": 499}, "do not leave room for the target"),
        (1500, {"max_growth": 0.1}, "do not leave room for the target"),
        (1500, {"history": {"online": -5}}, "history holds negative"),
    ],
)
def test_refused_allocations(skewed: Outlook, target, options, message) -> None:
    with pytest.raises(TargetError, match=message):
        allocate(target, skewed, **options)


def test_history_is_needed_to_split_by_it(make_outlook) -> None:
    with pytest.raises(TargetError, match="no unit has any"):
        allocate(10, make_outlook([[1.0, 2.0], [3.0, 4.0]]), by="history")


def test_every_wrong_option_is_told_at_once(skewed: Outlook) -> None:
    with pytest.raises(TargetError) as caught:
        allocate(1500, skewed, by="luck", locks={"nobody": 1}, caps={"store": "x"}, unit=0)
    assert [problem.code for problem in caught.value.problems] == [
        "target.unknown_unit",
        "target.amount_text",
        "target.method",
        "target.rounding_unit",
    ]
    assert "没有这种目标分解方法" in caught.value.text("zh")


# Generated cases -----------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn) -> dict:
    """A small shop with whole-numbered limits, feasible or not, and a target."""
    n = draw(st.integers(1, 5))
    whole = st.integers(0, 200)
    some = st.dictionaries(st.sampled_from([f"u{k}" for k in range(n)]), whole, max_size=n)
    limits = {"locks": draw(some), "floors": draw(some), "caps": draw(some)}
    growth = {"max_growth": draw(st.sampled_from([None, 0.0, 0.25, 1.5]))}
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    totals = rng.gamma(rng.uniform(0.3, 30, n), rng.uniform(0.5, 10, n), (draw(whole) // 4 + 2, n))
    totals *= rng.random(totals.shape) > draw(st.sampled_from([0.0, 0.4]))
    return {
        "totals": totals,
        "last_year": rng.integers(1, 100, n).astype(float),
        "target": draw(st.integers(1, 400)),
        "limits": {**limits, **growth},
        "by": draw(st.sampled_from(METHODS)),
    }


def feasible(case: dict) -> bool:
    """Whether any allocation exists, by linear programming."""
    n = case["totals"].shape[1]
    limits = case["limits"]
    bounds = []
    for k in range(n):
        unit = f"u{k}"
        low, high = limits["floors"].get(unit, 0), limits["caps"].get(unit, np.inf)
        if limits["max_growth"] is not None:
            high = min(high, (1 + limits["max_growth"]) * case["last_year"][k])
        if unit in limits["locks"]:
            lock = limits["locks"][unit]
            if not low <= lock <= high:
                return False
            low = high = lock
        if low > high:
            return False
        bounds.append((low, high))
    found = linprog(np.zeros(n), A_eq=np.ones((1, n)), b_eq=[case["target"]], bounds=bounds)
    return bool(found.status == 0)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_allocates_exactly_when_an_allocation_exists(make_outlook, case: dict) -> None:
    outlook = make_outlook(case["totals"], last_year=case["last_year"])
    if not feasible(case):
        with pytest.raises(TargetError):
            allocate(case["target"], outlook, by=case["by"], **case["limits"])
        return
    plan = allocate(case["target"], outlook, by=case["by"], **case["limits"])
    limits = case["limits"]
    assert plan.targets.sum() == case["target"]
    for unit, amount in plan.targets.items():
        if unit in limits["locks"]:
            assert amount == pytest.approx(limits["locks"][unit], abs=1e-9)
        assert amount >= limits["floors"].get(unit, 0) - 1e-9
        assert amount <= limits["caps"].get(unit, np.inf) + 1e-9
        if limits["max_growth"] is not None:
            assert amount <= (1 + limits["max_growth"]) * plan.history[unit] + 1e-9


@st.composite
def open_cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, float, str]:
    """A small shop without limits, every total above zero."""
    n = draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    totals = rng.gamma(
        rng.uniform(1, 30, n), rng.uniform(0.5, 10, n), (draw(st.integers(2, 60)), n)
    )
    target = draw(st.integers(100, 100_000)) / 100
    return totals, rng.uniform(1, 90, n), target, draw(st.sampled_from(METHODS))


@given(case=open_cases())
def test_another_order_of_units_gives_the_same_targets(make_outlook, case) -> None:
    totals, before, target, by = case
    names = [f"u{k}" for k in range(totals.shape[1])]
    one = allocate(target, make_outlook(totals, names, last_year=before), by=by)
    turned = make_outlook(totals[:, ::-1], names[::-1], last_year=before[::-1])
    other = allocate(target, turned, by=by)
    assert other.targets[names].tolist() == pytest.approx(one.targets.tolist(), abs=1e-9)


@given(case=open_cases(), power=st.integers(-3, 6))
def test_other_money_gives_the_same_split(make_outlook, case, power: int) -> None:
    totals, before, target, by = case
    rate = 2.0**power
    one = allocate(target, make_outlook(totals, last_year=before), by=by, unit=1)
    scaled = make_outlook(totals * rate, last_year=before * rate)
    other = allocate(target * rate, scaled, by=by, unit=rate)
    assert (other.targets / rate).tolist() == pytest.approx(one.targets.tolist(), rel=1e-9)
    assert other.probabilities.tolist() == pytest.approx(one.probabilities.tolist(), abs=1e-6)


@given(case=open_cases(), more=st.floats(1.01, 3))
def test_a_higher_target_lowers_nobodys_part(make_outlook, case, more: float) -> None:
    totals, before, target, by = case
    outlook = make_outlook(totals, last_year=before)
    low = allocate(target, outlook, by=by)
    high = allocate(target * more, outlook, by=by)
    # Rounding may move a part by a few cents either way.
    assert (high.targets - low.targets).min() >= -0.021


@given(case=open_cases())
def test_free_units_are_equally_likely(make_outlook, case) -> None:
    totals, _, target, _ = case
    assume(np.diff(np.sort(totals, axis=0), axis=0).min() > 0.1)
    plan = allocate(target, make_outlook(totals))
    spread = 0.02 / 0.1 / (len(totals) + 1)
    assert plan.probabilities.max() - plan.probabilities.min() <= 2 * spread + 1e-9
