"""What if: a market that turns and a unit that falls short, by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.report.tables.shocks import shocks_table
from workbench.report.words import Words
from workbench.target.outlook import Outlook
from workbench.target.shocks import usual_shocks, what_if

WHEN = {"period": "2026Q4", "as_of": "2026-09-30"}


def seen(a: float = 137.0, b: float = 61.0) -> Outlook:
    rng = np.random.default_rng(3)
    drawn = {"线上": a * rng.lognormal(0, 0.1, 400), "店": b * rng.lognormal(0, 0.1, 400)}
    return Outlook.from_totals(pd.DataFrame(drawn), **WHEN)


def test_each_shock_by_itself_by_hand():
    ahead = seen()
    table = what_if(ahead, 200.0, usual_shocks(ahead))
    assert table["units"].tolist() == ["", "", "", "线上", "店"]
    assert table["change"].tolist() == [0.0, -0.1, 0.1, -0.2, -0.2]
    totals = ahead.totals
    cases = [
        totals.sum(axis=1),
        0.9 * totals.sum(axis=1),
        1.1 * totals.sum(axis=1),
        0.8 * totals["线上"] + totals["店"],
        totals["线上"] + 0.8 * totals["店"],
    ]
    reached = [float((case >= 200.0).mean()) for case in cases]
    assert table["probability"].tolist() == pytest.approx(reached, abs=0.005)
    medians = [float(case.median()) for case in cases]
    assert table["base"].tolist() == pytest.approx(medians, rel=2e-3)
    assert table["brings"].iloc[0] == 0.0


@settings(max_examples=20, deadline=None)
@given(st.floats(50, 400), st.floats(1, 400), st.floats(50, 900))
def test_a_better_market_never_makes_a_target_less_likely(a, b, target):
    ahead = seen(a, b)
    table = what_if(ahead, target, usual_shocks(ahead)).set_index(["units", "change"])
    chances = table["probability"]
    assert chances["", -0.1] <= chances["", 0.0] <= chances["", 0.1]
    assert (chances <= chances["", 0.1]).all()


def test_one_unit_alone_is_the_market():
    totals = pd.DataFrame({"a": [100.0, 100.0]})
    one = Outlook.from_totals(totals, **WHEN)
    assert [shock.units for shock in usual_shocks(one)] == [(), ()]


@pytest.mark.parametrize(("language", "market"), [("en", "All units"), ("zh", "整体市场")])
def test_the_table_in_both_languages(language, market):
    words, ahead = Words(language, "CNY"), seen()
    table = what_if(ahead, 200.0, usual_shocks(ahead))
    page = shocks_table(table, words, target=200.0).as_raw_html()
    assert words("shocks.expected") in page
    assert f"{market} {words.percent(-0.1, sign=True)}" in page
    assert f"线上 {words.percent(-0.2, sign=True)}" in page
    assert words.amount(float(table["base"].iloc[1])) in page
