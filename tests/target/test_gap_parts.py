import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workbench.target.gap_parts import log_mean, price_volume_mix, traffic_conversion_basket

PIECES = st.integers(0, 100_000).map(float)
AMOUNT = st.floats(0.0, 1e7)
POSITIVE = st.floats(1e-3, 1e7)


def test_price_volume_and_mix_by_hand():
    # Last year 80 cheap at 10 and 20 dear at 40, 1,600 in all, on average 16; due is 2,000, that
    # is 125 pieces of the same mix. Now 90 at 11 and 20 at 40: 110 pieces, 1,790.
    parts = price_volume_mix(
        np.array([90.0, 20.0]),
        np.array([990.0, 800.0]),
        np.array([80.0, 20.0]),
        np.array([800.0, 800.0]),
        due=2000.0,
    )
    assert parts == {
        "price": pytest.approx(90.0),  # 90 × (11 − 10)
        "volume": pytest.approx(-240.0),  # (110 − 125) × 16
        "mix": pytest.approx(-60.0),  # 90 × 10 + 20 × 40 − 110 × 16
    }


def test_a_new_product_changes_the_mix_and_not_the_price():
    parts = price_volume_mix(
        np.array([10.0, 5.0]),
        np.array([100.0, 200.0]),
        np.array([10.0, 0.0]),
        np.array([100.0, 0.0]),
        due=150.0,
    )
    assert parts == {"price": 0.0, "volume": 0.0, "mix": 150.0}


def test_without_a_year_before_there_are_no_parts():
    nothing = np.zeros(2)
    assert price_volume_mix(np.ones(2), np.ones(2), nothing, nothing, due=5.0) is None
    assert traffic_conversion_basket((10, 2, 30.0), (0, 0, 0.0), due=5.0) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PIECES, AMOUNT, PIECES, AMOUNT), min_size=1, max_size=6), POSITIVE)
def test_price_volume_and_mix_add_up(rows, due):
    pieces, sales, pieces_before, sales_before = np.array(rows).T
    assume(pieces_before.sum() >= 1 and sales_before.sum() >= 1)
    parts = price_volume_mix(pieces, sales, pieces_before, sales_before, due=due)
    size = due + sales.sum() + sum(abs(part) for part in parts.values())
    assert sum(parts.values()) == pytest.approx(sales.sum() - due, abs=1e-9 * size)


@settings(max_examples=60, deadline=None)
@given(st.tuples(POSITIVE, POSITIVE, POSITIVE), st.tuples(POSITIVE, POSITIVE, POSITIVE), POSITIVE)
def test_traffic_conversion_and_basket_add_up(now, before, due):
    parts = traffic_conversion_basket(now, before, due=due)
    size = now[2] + due + sum(abs(part) for part in parts.values())
    assert sum(parts.values()) == pytest.approx(now[2] - due, abs=1e-9 * size)


def test_only_what_changed_is_to_blame():
    # The same orders per visitor and sales per order; what is due asks for a tenth more visitors.
    parts = traffic_conversion_basket((1000, 50, 7000.0), (1000, 50, 7000.0), due=7700.0)
    assert parts["traffic"] == pytest.approx(-700.0)
    assert parts["conversion"] == parts["basket"] == pytest.approx(0.0, abs=1e-9)


@given(POSITIVE, POSITIVE)
def test_the_log_mean_lies_between(a, b):
    mean = log_mean(np.array([a]), np.array([b]))[0]
    assert min(a, b) * (1 - 1e-9) <= mean <= max(a, b) * (1 + 1e-9)
    assert mean == pytest.approx(log_mean(np.array([b]), np.array([a]))[0])
