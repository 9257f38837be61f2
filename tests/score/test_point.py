"""Errors of single-number forecasts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.errors import DataError
from workbench.score.point import bias, mape, wape

SALES = arrays(float, 8, elements=st.floats(0.5, 1e5))


def test_worked_by_hand_with_a_day_without_sales_and_an_unknown_one() -> None:
    observed = [412.5, 0.0, 88.0, np.nan, 19.5]
    forecast = [400.0, 12.0, 99.0, 50.0, 13.0]
    # errors 12.5, 12, 11, 6.5 of sales 520
    assert wape(observed, forecast) == pytest.approx(42 / 520)
    assert mape(observed, forecast) == pytest.approx((12.5 / 412.5 + 11 / 88 + 6.5 / 19.5) / 3)
    assert bias(observed, forecast) == pytest.approx((-12.5 + 12 + 11 - 6.5) / 520)


@given(SALES, SALES)
def test_wape_is_mape_weighted_by_sales_and_never_below_the_bias(
    observed: np.ndarray, forecast: np.ndarray
) -> None:
    each = [mape([y], [f]) for y, f in zip(observed, forecast, strict=True)]
    assert wape(observed, forecast) == pytest.approx(np.average(each, weights=observed))
    assert abs(bias(observed, forecast)) <= wape(observed, forecast) + 1e-12
    assert mape(observed, observed) == 0


def test_returns_count_by_their_size() -> None:
    assert wape([-50.0, 150.0], [50.0, 150.0]) == pytest.approx(0.5)
    assert mape([-50.0], [-45.0]) == pytest.approx(0.1)


@pytest.mark.parametrize("score", [wape, mape, bias])
def test_no_sales_is_unknown_and_shapes_are_named(score: object) -> None:
    assert np.isnan(score([0.0, np.nan], [3.0, 4.0]))  # type: ignore[operator]
    with pytest.raises(DataError, match=r"observed \(2,\), forecast \(3,\)"):
        score([1.0, 2.0], [1.0, 2.0, 3.0])  # type: ignore[operator]
