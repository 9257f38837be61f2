"""Tables as they come: each is forecast and its fault told, or refused in three parts."""

import numpy as np
import pandas as pd
import pytest

import workbench as wb

N, AHEAD = 140, 30
"""Days of history: too short for members that take time."""


def table(units=("a", "b"), n=N, start="2026-01-05", **columns):
    rng = np.random.default_rng(0)
    days = pd.date_range(start, periods=n)
    parts = [
        pd.DataFrame({"unit": unit, "date": days, "sales": rng.gamma(5, 20, n).round(2), **columns})
        for unit in units
    ]
    return pd.concat(parts, ignore_index=True)


def plans(n=AHEAD, units=("a", "b"), **columns):
    return table(units, n, start="2026-05-25", **columns).drop(columns="sales")


def put(frame, where, value, column="sales"):
    """The table with some cells changed."""
    out = frame.copy()
    out[column] = out[column].astype(object) if isinstance(value, str) else out[column]
    out.loc[where, column] = value
    return out


def flag(n):
    return (np.arange(n) % 5 == 0).astype(float)


B = slice(N, 2 * N - 1)
REFUSED = {
    "infinite": (lambda: (put(table(), 3, np.inf), None), "Sales are infinite"),
    "minus infinite": (lambda: (put(table(), 3, -np.inf), None), "Sales are infinite"),
    "words": (lambda: (put(table(), 3, "12,5"), None), "Sales are not numbers"),
    "truth values": (lambda: (table().assign(sales=True), None), "holds no amounts"),
    "duplicate dates": (lambda: (pd.concat([table(), table()[:2]]), None), "two rows for one date"),
    "dates in words": (
        lambda: (put(table().astype({"date": str}), 5, "yesterday", "date"), None),
        "Dates cannot be read",
    ),
    "irregular steps": (
        lambda: (table(("a",)).iloc[np.cumsum([0, 1, 5, 9, 3, 4, 11, 2, 7, 8])], None),
        "neither daily, weekly nor monthly",
    ),
    "infinite plans": (
        lambda: (table(price=2.0), plans(price=np.inf)),
        "infinite numbers",
    ),
    "a lone year far away": (
        lambda: (
            pd.concat([table(), table(("a",), 1, start="2062-01-01")]),
            None,
        ),
        "years without a single row",
    ),
    "no rows": (lambda: (table().iloc[:0], None), "has no rows"),
    "one observation": (lambda: (table(("a",), 1), None), "too short to forecast"),
    "eight days": (lambda: (table(n=8), None), "too short to forecast"),
}
TOLD = {
    "unit never observed": (lambda: (put(table(), B, np.nan), None), "panel.never_sold"),
    "nothing observed": (lambda: (table().assign(sales=np.nan), None), "panel.never_sold"),
    "unit all zero": (lambda: (put(table(), B, 0.0), None), "panel.never_sold"),
    "everything zero": (lambda: (table().assign(sales=0.0), None), "panel.never_sold"),
    "unit constant": (lambda: (put(table(), B, 7.0), None), "panel.always_the_same"),
    "unit with one observation": (
        lambda: (pd.concat([table(("a",)), table(("b",))[-1:]]), None),
        "panel.hardly_known",
    ),
    "gaps": (lambda: (table().drop(index=range(20, 30)), None), "panel.missing_zero"),
    "gaps of days that may be closed": (
        lambda: (table(open=1).drop(index=range(20, 30)), None),
        "panel.missing_unknown",
    ),
    "unseen word ahead": (
        lambda: (table(promo=np.where(flag(N) > 0, "sale", "none")), plans(promo="giga")),
        "panel.unseen_words",
    ),
    "never varied before": (
        lambda: (table(promo=0.0), plans(promo=flag(AHEAD))),
        "panel.known_never_varied",
    ),
    "a price a hundredfold": (
        lambda: (table(price=10 - flag(N)), plans(price=900.0)),
        "panel.known_outside",
    ),
    "repeats the weekday": (
        lambda: (
            table(weekend=np.tile([0.0] * 5 + [1.0] * 2, 20)),
            plans(28, weekend=np.tile([0.0] * 5 + [1.0] * 2, 4)),
        ),
        "panel.known_repeats",
    ),
    "one column twice": (
        lambda: (
            table(promo=flag(N), again=1 - flag(N)),
            plans(promo=flag(AHEAD), again=1 - flag(AHEAD)),
        ),
        "panel.known_repeats",
    ),
    "column without history": (
        lambda: (table(price=np.nan), plans(price=9.0)),
        "panel.known_without_history",
    ),
    "refunds above sales": (lambda: (put(table(), 40, -900.0), None), "panel.negative_sales"),
    "one giant order": (lambda: (put(table(), 40, 1e9), None), "forecast.giant"),
    "an order beyond measure": (lambda: (put(table(), 40, 1e300), None), "forecast.giant"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_three_parts(case):
    make, words = REFUSED[case]
    frame, known = make()
    with pytest.raises(wb.WorkbenchError, match=words) as caught:
        wb.forecast(wb.build_panel(frame, known, calendar=None), horizon=AHEAD, n_paths=20)
    for problem in caught.value.problems:
        for language in ("en", "zh"):
            parts = [problem.part(part, language) for part in ("what", "found", "do")]
            assert all(parts)
            assert "{" not in "".join(parts)


@pytest.mark.parametrize("case", TOLD)
def test_forecast_and_told(case):
    make, code = TOLD[case]
    frame, known = make()
    before = frame.copy()
    paths = wb.forecast(wb.build_panel(frame, known, calendar=None), horizon=AHEAD, n_paths=40)
    pd.testing.assert_frame_equal(frame, before)
    (told,) = [notice for notice in paths.notices if notice.code == code]
    assert told.part("found")
    assert told.part("do", "zh")
    values = paths.values
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    # The sibling whose rows are as they were is forecast as it sells: 100 a day.
    sibling = {"nothing observed": 0.0, "everything zero": 0.0}.get(case, 100.0 * AHEAD)
    name = "b" if code in ("forecast.giant", "panel.negative_sales", "panel.missing_zero") else "a"
    if case != "a price a hundredfold":
        assert paths.totals()[name].median() == pytest.approx(sibling, rel=0.25)


def test_unknown_amounts_here_and_there_need_no_word():
    frame = put(table(), [3, 40, 200], np.nan)
    panel = wb.build_panel(frame, calendar=None)
    paths = wb.forecast(panel, horizon=AHEAD, n_paths=40)
    assert {notice.code for notice in paths.notices} <= {"forecast.few_origins"}
    assert paths.totals().median().to_numpy() == pytest.approx([3000, 3000], rel=0.25)


def test_plans_that_end_before_the_horizon_are_used_as_far_as_they_go_or_left_out():
    frame = table(promo=flag(N))
    short = wb.build_panel(frame, plans(5, promo=flag(5)), calendar=None)
    paths = wb.forecast(short, horizon=AHEAD, n_paths=40)
    assert np.isfinite(paths.values).all()
    assert paths.totals().median().to_numpy() == pytest.approx([3000, 3000], rel=0.25)


def test_a_giant_is_no_new_level():
    usual = wb.forecast(wb.build_panel(table(), calendar=None), horizon=AHEAD, n_paths=200)
    giant = put(table(), N - 1, 1e7)
    beside = wb.forecast(wb.build_panel(giant, calendar=None), horizon=AHEAD, n_paths=200)
    one, other = usual.totals().median(), beside.totals().median()
    assert other["a"] == pytest.approx(one["a"], rel=0.2)
    assert other["b"] == pytest.approx(one["b"], rel=0.1)


def test_one_giant_refund_does_not_empty_a_unit():
    sales = np.random.default_rng(4).gamma(5, 20, 150)
    dates = pd.date_range("2025-01-01", periods=150)
    usual = pd.DataFrame({"unit": "a", "date": dates, "sales": sales})
    odd = usual.copy()
    odd.loc[140, "sales"] = -1e9
    said = wb.forecast(wb.build_panel(odd, calendar=None), horizon=14, n_paths=200)
    before = wb.forecast(wb.build_panel(usual, calendar=None), horizon=14, n_paths=200)
    assert said.totals()["a"].median() == pytest.approx(before.totals()["a"].median(), rel=0.3)
    assert "forecast.giant" in {notice.code for notice in said.notices}
