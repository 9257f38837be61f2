"""The outlook as a noun: probabilities, targets, parts of it, and what it refuses."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import TargetError
from workbench.target.outlook import Outlook


def test_probability_of_the_sum_counts_paths_jointly(make_outlook) -> None:
    # The units offset each other: each varies, their sum does not.
    outlook = make_outlook([[1.0, 9.0], [4.0, 6.0], [7.0, 3.0]])
    assert outlook.probability(10) == 1.0
    assert outlook.probability(10.5) == 0.0
    assert outlook.probability({"u0": 4, "u1": 6}).tolist() == pytest.approx([0.5, 0.5])


def test_probability_by_unit_keeps_the_order_of_the_units(skewed: Outlook) -> None:
    likely = skewed.probability({"群": 40, "online": 1000})
    assert list(likely.index) == ["online", "群"]
    assert likely["群"] == pytest.approx(0.5, abs=0.05)
    series = skewed.probability(pd.Series({"online": 1000.0, "群": 40.0}))
    pd.testing.assert_series_equal(series, likely)


@pytest.mark.parametrize("number", [np.float32(1400), 1400, Decimal("1400"), np.int64(1400)])
def test_any_kind_of_number_is_a_target(skewed: Outlook, number: object) -> None:
    assert skewed.probability(number) == pytest.approx(skewed.probability(1400.0))


@given(p=st.floats(0.002, 0.998))
def test_target_at_is_reached_with_that_probability(skewed: Outlook, p: float) -> None:
    assert skewed.probability(skewed.target_at(p)) == pytest.approx(p, abs=1e-6)
    assert skewed.probability(skewed.targets_at(p)).tolist() == pytest.approx([p] * 3, abs=1e-6)


@given(a=st.floats(1, 5000), b=st.floats(1, 5000))
def test_a_higher_target_is_never_more_likely(skewed: Outlook, a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    assert skewed.probability(low) >= skewed.probability(high)
    assert 0 < skewed.probability(high) <= skewed.probability(low) < 1


def test_shortfall_and_expected_attainment_by_hand(make_outlook) -> None:
    outlook = make_outlook([[10.0, 5.0], [30.0, 5.0], [35.0, 5.0]])
    # The sum is 15, 35, 40: against 37 two paths miss, by 22 and by 2.
    assert outlook.shortfall(37) == pytest.approx(12)
    assert outlook.shortfall(15) == 0
    assert outlook.expected_attainment(37) == pytest.approx(30 / 37)
    assert outlook.shortfall({"u0": 31}).to_dict() == pytest.approx({"u0": 11})
    attained = outlook.expected_attainment({"u0": 50, "u1": 0})
    assert attained["u0"] == pytest.approx(0.5)
    assert np.isnan(attained["u1"])


def test_part_of_an_outlook_has_its_own_sum(skewed: Outlook) -> None:
    part = skewed.only(["群", "online"])
    assert part.units == ("群", "online")
    assert part.total == pytest.approx((skewed.totals["群"] + skewed.totals["online"]).to_numpy())
    assert list(part.actual.index) == list(part.last_year.index) == ["群", "online"]
    assert part.target_at(0.5) < skewed.target_at(0.5)


def test_nothing_given_is_changed(skewed: Outlook) -> None:
    before = skewed.totals.copy()
    given_targets = pd.Series({"online": 1000.0})
    skewed.probability(given_targets)
    skewed.targets_at(0.3)
    skewed.only(["online"]).target_at(0.1)
    pd.testing.assert_frame_equal(skewed.totals, before)
    assert given_targets.to_dict() == {"online": 1000.0}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (0, "The target is zero"),
        (-5, "The target is negative"),
        ("5,000,000", "The target is not a number"),
        (True, "The target is not a number"),
        (float("nan"), "The target is missing or infinite"),
        (None, "The target is missing or infinite"),
        (float("inf"), "The target is missing or infinite"),
        ([1, 2], "The target is not a number"),
        (pd.DataFrame({"a": [1]}), "must be given per unit"),
        ({"onlin": 5}, "nearest to the first is 'online'"),
        ({"online": float("nan")}, "missing or infinite"),
        ({"online": -2}, "online: -2"),
        ({"online": "12"}, "online: '12'"),
    ],
)
def test_refused_targets(skewed: Outlook, target: object, message: str) -> None:
    for ask in (skewed.probability, skewed.shortfall, skewed.expected_attainment):
        with pytest.raises(TargetError, match=message):
            ask(target)


def test_every_wrong_amount_is_told_at_once(skewed: Outlook) -> None:
    wrong = {"nobody": 1, "online": -1, "store": "many", "群": float("inf")}
    with pytest.raises(TargetError) as caught:
        skewed.probability(wrong)
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {
        "target.unknown_unit",
        "target.amount_negative",
        "target.amount_text",
        "target.amount_not_finite",
    }
    assert "销售数据里没有的单元" in caught.value.text("zh")


def test_a_unit_named_twice_is_refused(skewed: Outlook) -> None:
    twice = pd.Series([1.0, 2.0], index=["online", "online"])
    with pytest.raises(TargetError, match="more than once"):
        skewed.probability(twice)


@pytest.mark.parametrize("p", [0, 1, -0.1, 1.2, "0.8", None, float("nan"), 80])
def test_refused_probabilities(skewed: Outlook, p: object) -> None:
    with pytest.raises(TargetError, match="between 0 and 1"):
        skewed.target_at(p)  # type: ignore[arg-type]


def test_refused_parts(skewed: Outlook) -> None:
    with pytest.raises(TargetError, match="sales data do not have"):
        skewed.only(["nobody"])
    with pytest.raises(TargetError, match="No unit was chosen"):
        skewed.only([])
