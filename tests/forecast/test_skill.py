"""How such forecasts did at past origins."""

import numpy as np
import pytest

from workbench.forecast.replay import Origin
from workbench.forecast.residuals import past_residuals
from workbench.forecast.skill import COLUMNS, SIMPLE_RULE, skill_table

NAMES = ("level 4", SIMPLE_RULE, "prophet")


def origins(n=8):
    """Two units of 100 and 300 a period; the rule says 10 % too much of the first, Prophet 20 %
    too little of both; the level is right but for the sign that changes."""
    out = []
    for at in range(n):
        actual = np.array([[100.0, 300.0]])
        sign = 1 if at % 2 else -1
        said = [actual * (1 + 0.04 * sign), actual * [1.1, 1.0], actual * 0.8]
        out.append(
            Origin(
                cutoff=400 + 28 * at,
                forecasts=np.array(said),
                actual=actual,
                covered=np.ones((1, 2)),
                exposure=np.ones((28, 2)),
                typical=np.zeros(2),
                unseen=np.zeros(1),
            )
        )
    return out


@pytest.fixture(scope="module")
def table():
    past = origins()
    residuals = past_residuals(
        past, np.ones(8), horizon=28, independent=8.0, known=2000, unseen=np.zeros(1)
    )
    return skill_table(["a", "b"], past, residuals, NAMES).set_index(["model", "unit"])


def test_the_rule_and_prophet_by_hand(table):
    rule = table.loc["year_rule"]
    np.testing.assert_allclose(rule["mape"], [2.5, 10.0, 0.0], atol=1e-9)  # 10 of 400; 10 of 100
    np.testing.assert_allclose(rule["bias"], [2.5, 10.0, 0.0], atol=1e-9)
    prophet = table.loc["prophet"]
    np.testing.assert_allclose(prophet["mape"], 20.0)
    np.testing.assert_allclose(prophet["bias"], -20.0)
    assert (table["n_origins"] == 8).all()


def test_only_ours_has_a_band(table):
    assert table.loc["workbench", "coverage_80"].between(0, 1).all()
    others = table.index.get_level_values("model") != "workbench"
    assert table.loc[others, "coverage_80"].isna().all()


def test_ours_is_no_worse_than_the_members_it_weighs(table):
    ours, rule = table.loc["workbench", "mape"], table.loc["year_rule", "mape"]
    assert ours["a"] < rule["a"]


def test_the_band_holds_as_often_as_it_says():
    """Normal errors of one size: a share near 0.8 of past totals lies inside."""
    rng = np.random.default_rng(1)
    past = origins(40)
    for at, origin in enumerate(past):
        # one candidate, so that no weights are learnt from the noise
        noise = np.exp(rng.normal(0, 0.1, origin.actual.shape))
        past[at] = Origin(
            cutoff=origin.cutoff,
            forecasts=origin.actual[None],
            actual=origin.actual * noise,
            covered=origin.covered,
            exposure=origin.exposure,
            typical=origin.typical,
            unseen=origin.unseen,
        )
    residuals = past_residuals(
        past, np.ones(40), horizon=28, independent=40.0, known=2000, unseen=np.zeros(1)
    )
    table = skill_table(["a", "b"], past, residuals, ("level 4",))
    assert table["coverage_80"].between(0.65, 0.92).all()


@pytest.mark.parametrize("past", [[], None])
def test_without_origins_the_table_is_empty_but_whole(past):
    table = skill_table(["a"], past or [], None, ())
    assert list(table.columns) == list(COLUMNS)
    assert table.empty
