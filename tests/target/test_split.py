"""The arithmetic of splitting: solving within limits, whole steps, sums exact to the last bit."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.target.split import (
    proportional_curve,
    quantile_curve,
    round_within,
    settle,
    solve,
)

NONE = np.zeros(3)
OPEN = np.full(3, np.inf)
NAMES = np.array(["a", "b", "c"])


def rounded(amounts, total, *, step, lower=NONE, upper=OPEN, names=NAMES):
    return round_within(
        np.array(amounts, float), total, lower, upper, step=step, names=names
    ).tolist()


def test_proportional_split_by_hand() -> None:
    amounts, dial = solve(proportional_curve(np.array([1.0, 2.0, 5.0])), 400.0, NONE, OPEN)
    assert amounts == pytest.approx([50, 100, 250])
    assert dial == pytest.approx(50)


def test_a_capped_unit_leaves_the_rest_to_the_others() -> None:
    curve = proportional_curve(np.array([1.0, 2.0, 5.0]))
    amounts, _ = solve(curve, 400.0, np.array([60.0, 0, 0]), np.array([np.inf, np.inf, 220.0]))
    assert amounts == pytest.approx([60, 120, 220])


def test_quantile_split_by_hand() -> None:
    # Evenly spread paths: quantiles are straight lines, a from 10 to 30, b from 100 to 180.
    ordered = np.stack([np.linspace(10, 30, 5), np.linspace(100, 180, 5)], axis=1)
    amounts, dial = solve(quantile_curve(ordered), 160.0, np.zeros(2), np.full(2, np.inf))
    # A half of the way from 110 to 210; ranks 1 to 5 stand at levels 1/6 to 5/6.
    assert amounts == pytest.approx([20, 140])
    assert dial == pytest.approx(0.5)


@pytest.mark.parametrize(("total", "expected"), [(420.0, [60, 360]), (55.0, [5, 50])])
def test_beyond_all_paths_amounts_grow_and_shrink_in_proportion(total, expected) -> None:
    ordered = np.stack([np.linspace(10, 30, 5), np.linspace(100, 180, 5)], axis=1)
    amounts, _ = solve(quantile_curve(ordered), total, np.zeros(2), np.full(2, np.inf))
    assert amounts == pytest.approx(expected)


def test_a_unit_without_sales_takes_part_when_all_others_are_capped() -> None:
    ordered = np.array([[5.0, 0.0], [9.0, 0.0]])
    amounts, _ = solve(quantile_curve(ordered), 100.0, np.zeros(2), np.array([12.0, np.inf]))
    assert amounts == pytest.approx([12, 88])
    amounts, _ = solve(quantile_curve(ordered), 100.0, np.zeros(2), np.full(2, np.inf))
    assert amounts == pytest.approx([100, 0], abs=1e-6)


def test_without_any_sales_all_carry_the_same() -> None:
    amounts, _ = solve(quantile_curve(np.zeros((4, 3))), 90.0, NONE, OPEN)
    assert amounts == pytest.approx([30, 30, 30])


def test_refunds_never_make_a_negative_target() -> None:
    ordered = np.array([[-50.0, 10.0], [-20.0, 40.0]])
    amounts, _ = solve(quantile_curve(ordered), 30.0, np.zeros(2), np.full(2, np.inf))
    assert amounts == pytest.approx([0, 30])


def test_largest_remainder_by_hand() -> None:
    # 33.34 + 33.33 + 33.33: the largest remainder, then the name, decides who gets the cent.
    assert rounded([100 / 3] * 3, 100.0, step=0.01) == [33.34, 33.33, 33.33]
    assert rounded([10.6, 20.7, 68.7], 100.0, step=1.0) == [10, 21, 69]
    assert rounded([1600, 2700, 5700], 10_000.0, step=1000.0) == [1000, 3000, 6000]


def test_ties_go_by_amount_then_by_name() -> None:
    swapped = np.array(["c", "b", "a"])
    assert rounded([100 / 3] * 3, 100.0, step=0.01, names=swapped) == [33.33, 33.33, 33.34]
    assert rounded([2.5, 10.5, 7.0], 20.0, step=1.0) == [2, 11, 7]


def test_what_is_less_than_a_step_goes_to_the_largest_with_room() -> None:
    assert rounded([200, 300, 734.5], 1234.5, step=100.0) == [200, 300, 734.5]
    capped = np.array([np.inf, np.inf, 700.0])
    assert rounded([210, 324.5, 700], 1234.5, step=100.0, upper=capped) == [200, 334.5, 700]


def test_limits_hold_through_rounding() -> None:
    lower, upper = np.array([1550.0, 0, 0]), np.array([1650.0, np.inf, 4200.0])
    out = rounded([1600, 4200, 4200], 10_000.0, step=1000.0, lower=lower, upper=upper)
    assert sum(out) == 10_000
    assert 1550 <= out[0] <= 1650
    assert out[2] <= 4200


CENTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=60)


@given(CENTS)
def test_settled_amounts_sum_exactly(cents: list[int]) -> None:
    amounts = np.array([c / 100 for c in cents])
    total = float(sum(map(Decimal, cents)) / 100)
    out = settle(amounts, total, order=np.argsort(-amounts))
    assert float(pd.Series(out).sum()) == total
    assert np.abs(out - amounts).max() < 1e-5


@given(CENTS, st.sampled_from([0.01, 0.5, 1.0, 1000.0, 0.25]), st.randoms())
def test_rounding_keeps_near_and_adds_up(cents: list[int], step: float, random) -> None:
    amounts = np.array([c / 97 for c in cents])
    total = float(amounts.sum())
    lower = amounts * random.random()
    upper = amounts * (1 + random.random()) + 1
    names = np.array([f"u{k}" for k in range(len(cents))])
    out = round_within(amounts, total, lower, upper, step=step, names=names)
    assert out.sum() == pytest.approx(total, abs=step * 2e-6 + total * 1e-12)
    assert (out >= lower - 1e-9).all()
    assert (out <= upper + 1e-9).all()
    assert np.abs(out - amounts).max() <= 2 * step + 1e-6
