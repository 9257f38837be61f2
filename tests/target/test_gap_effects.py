import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.target.gap_effects import effects, in_common, polish

CHANNELS, LINES = list("abc"), list("vwxyz")
KEYS = pd.DataFrame(
    [(channel, line) for channel in CHANNELS for line in LINES],
    columns=["channel", "line"],
    index=[f"{channel} / {line}" for channel in CHANNELS for line in LINES],
)
DUE = np.array([50.0, 40, 30, 20, 10, 40, 30, 25, 15, 10, 30, 30, 20, 15, 5]) * 1000


def amounts(actual, due=DUE, keys=KEYS) -> pd.Series:
    found = effects(np.asarray(actual, float), np.asarray(due, float), keys)
    return found.set_index(["cause", "unit"])["amount"]


def test_a_shock_to_one_channel_is_that_channels():
    actual = DUE * np.where(KEYS["channel"] == "a", 0.7, 1.0)
    found = amounts(actual)
    assert found["channel", "a"] == pytest.approx(-0.3 * 150_000)
    assert found.drop([("channel", "a")]).abs().max() < 1e-6


def test_a_shock_to_one_product_is_that_products():
    actual = DUE * np.where(KEYS["line"] == "w", 0.5, 1.0)
    found = amounts(actual)
    assert found["line", "w"] == pytest.approx(-0.5 * 100_000)
    assert found.drop([("line", "w")]).abs().max() < 1e-6


def test_what_all_share_is_the_market():
    found = amounts(DUE * 0.9)
    assert found["market", ""] == pytest.approx(-0.1 * DUE.sum())
    assert found.drop([("market", "")]).abs().max() < 1e-6


def test_market_channel_and_one_cell_are_told_apart():
    actual = DUE * 0.9 * np.where(KEYS["channel"] == "b", 0.8, 1.0)
    actual[12] *= 2.0
    found = amounts(actual)
    share = found / np.abs(found).sum()
    assert found["market", ""] < 0
    assert found["channel", "b"] < 0
    assert found["cell", "c / x"] > 0
    rest = share.drop([("market", ""), ("channel", "b"), ("cell", "c / x")])
    assert rest.abs().max() < 1e-6


def test_a_person_within_a_channel_is_found():
    people = [("a", "An"), ("a", "Bo"), ("a", "Cy"), ("b", "Di"), ("b", "Ed"), ("b", "Fu")]
    keys = pd.DataFrame(people, columns=["channel", "person"], index=[who for _, who in people])
    due = np.array([30.0, 25, 20, 22, 18, 16]) * 1000
    actual = due * np.array([1, 1, 0.6, 1, 1, 1])
    found = amounts(actual, due, keys)
    assert found["person", "Cy"] == pytest.approx(-8000)
    assert found.drop([("person", "Cy")]).abs().max() < 1e-6


def test_cells_without_a_ratio_stand_for_themselves():
    actual = DUE.copy()
    actual[3], actual[4] = 0.0, -500.0
    found = amounts(actual)
    assert found["other", "a / y"] == -20_000
    assert found["other", "a / z"] == -10_500


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-100, 1e6), min_size=15, max_size=15))
def test_effects_always_add_up(actual):
    found = amounts(actual)
    gap = np.sum(actual) - DUE.sum()
    assert found.sum() == pytest.approx(gap, abs=1e-9 * (found.abs().sum() + 1))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=15, max_size=15))
def test_polish_gives_the_values_back(values):
    codes = {name: pd.factorize(KEYS[name])[0] for name in KEYS}
    common, parts, rest = polish(np.array(values), np.sqrt(DUE), codes)
    again = common + parts["channel"][codes["channel"]] + parts["line"][codes["line"]] + rest
    assert again == pytest.approx(np.array(values), abs=1e-9)


def test_two_have_in_common_what_both_did():
    two = np.ones(2)
    assert in_common(np.array([-0.2, 0.1]), two) == 0.0
    assert in_common(np.array([-0.2, -0.1]), two) == -0.1
    assert in_common(np.array([0.3]), np.ones(1)) == 0.3
    assert in_common(np.array([]), np.array([])) == 0.0
