"""Periods: reading, stepping, fiscal years, and what is said when one cannot be read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.calendar.period import (
    KINDS,
    Period,
    next_period,
    parse_period,
    period_of,
    range_period,
)
from workbench.errors import ParameterError

DAYS = st.dates(date(1960, 1, 1), date(2060, 12, 31))
STARTS = st.integers(1, 12)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    kind, day = draw(st.sampled_from(KINDS)), draw(DAYS)
    if kind == "range":
        return range_period(day, day + timedelta(days=draw(st.integers(0, 500))))
    return period_of(day, kind, draw(STARTS))


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        ("2026Q4", "2026Q4", "2026-10-01", "2026-12-31"),
        (" 2026-q1 ", "2026Q1", "2026-01-01", "2026-03-31"),
        ("Q2 2024", "2024Q2", "2024-04-01", "2024-06-30"),
        ("2026年第四季度", "2026Q4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
        ("2026年11月", "2026-11", "2026-11-01", "2026-11-30"),
        (202611, "2026-11", "2026-11-01", "2026-11-30"),
        ("2026W47", "2026W47", "2026-11-16", "2026-11-22"),
        ("2026-W01", "2026W01", "2025-12-29", "2026-01-04"),
        ("2026W53", "2026W53", "2026-12-28", "2027-01-03"),
        ("2026年第47周", "2026W47", "2026-11-16", "2026-11-22"),
        (2026, "2026", "2026-01-01", "2026-12-31"),
        ("2026H2", "2026H2", "2026-07-01", "2026-12-31"),
        ("2026年上半年", "2026H1", "2026-01-01", "2026-06-30"),
        ("２０２６Ｑ４", "2026Q4", "2026-10-01", "2026-12-31"),
        (date(2026, 11, 11), "2026-11-11", "2026-11-11", "2026-11-11"),
        ("2026-10-01/2026-11-11", "2026-10-01/2026-11-11", "2026-10-01", "2026-11-11"),
        ("2026/10/1 - 2026/11/11", "2026-10-01/2026-11-11", "2026-10-01", "2026-11-11"),
        ("2026年10月1日至2026年11月11日", "2026-10-01/2026-11-11", "2026-10-01", "2026-11-11"),
    ],
)
def test_a_period_is_read_as_people_write_it(text, label, start, end):
    period = parse_period(text)
    assert (period.label, period.start.isoformat(), period.end.isoformat()) == (label, start, end)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("2026Q5", "no_such_quarter", "quarter 5[\\s\\S]*Quarters are 1 to 4"),
        ("2026Q0", "no_such_quarter", "quarter 0"),
        ("2026H3", "no_such_half", "half 3[\\s\\S]*Halves are 1 and 2"),
        ("2026-13", "no_such_month", "month 13[\\s\\S]*Months are 01 to 12"),
        ("2025W53", "no_such_week", "2025 has 52 weeks[\\s\\S]*2025W01 to 2025W52"),
        ("2026W00", "no_such_week", "2026 has 53 weeks"),
        ("2026-02-29/2026-03-31", "impossible_date", "day 2026-02-29[\\s\\S]*year-month-day"),
        ("2026-12-31/2026-10-01", "reversed", "2026-10-01/2026-12-31, if that is what you mean"),
        ("0026Q4", "year_out_of_range", "year 26[\\s\\S]*from 1900 to 2100"),
        ("next quarter", "unreadable", "'next quarter'[\\s\\S]*Write a quarter"),
        ("", "unreadable", "cannot be read"),
        (None, "unreadable", "cannot be read"),
        (True, "unreadable", "'True'"),
        ("<script>{text}</script>", "unreadable", "cannot be read"),
    ],
)
def test_a_mistyped_period_says_what_is_wrong_and_what_to_write(text, code, message):
    with pytest.raises(ParameterError, match=message) as caught:
        parse_period(text)
    (problem,) = caught.value.problems
    assert problem.code == f"period.{code}"
    assert "问题：" in problem.text("zh")


@pytest.mark.parametrize("month", [0, 13, "4", True, 1.0])
def test_a_fiscal_year_starts_in_a_month(month):
    with pytest.raises(ParameterError, match=r"1 \(January\) to 12"):
        parse_period("2026Q4", fiscal_year_start=month)


def test_an_unknown_kind_of_period_is_named_with_the_known_ones():
    said = r"no such kind[\s\S]*'decade'[\s\S]*quarter, half, year"
    with pytest.raises(ParameterError, match=said):
        next_period(date(2026, 9, 30), "decade")


def test_a_fiscal_year_is_named_by_the_year_it_ends_in():
    year = parse_period("2026", fiscal_year_start=4)
    assert (year.label, year.start, year.end) == ("FY2026", date(2025, 4, 1), date(2026, 3, 31))
    assert parse_period("FY2026Q1", fiscal_year_start=7).start == date(2025, 7, 1)
    assert parse_period("2026H2", fiscal_year_start=2).end == date(2026, 1, 31)
    # Months stay calendar ones.
    assert parse_period("2026-11", fiscal_year_start=4).label == "2026-11"


def test_fiscal_quarters_are_those_of_pandas():
    import pandas as pd

    for month in pd.period_range("2023-01", "2026-12", freq="M"):
        expected = pd.Period(month.to_timestamp(), freq="Q-MAR")
        found = period_of(month.to_timestamp().date(), "quarter", 4)
        assert found.label == f"FY{expected.qyear}Q{expected.quarter}"
        assert found.start == expected.start_time.date()


def test_last_year_is_the_comparable_period():
    def last_year(text: str, **options: int) -> str:
        return parse_period(text, **options).last_year().label

    assert last_year("2026Q4") == "2025Q4"
    assert last_year("2026Q4", fiscal_year_start=4) == "FY2025Q4"
    assert last_year("2024-02") == "2023-02"
    assert last_year("2026W47") == "2025W47"
    assert last_year("2027W01") == "2026W02"  # 2026 has 53 weeks
    assert last_year("2026-11-01/2026-11-11") == "2025-11-01/2025-11-11"
    assert last_year("2024-02-29") == "2023-02-28"
    assert last_year("2025-02-01/2025-02-28") == "2024-02-01/2024-02-29"  # whole months


def test_a_range_steps_by_its_own_length():
    assert parse_period("2026-10-01/2026-12-31").previous().label == "2026-07-01/2026-09-30"
    assert parse_period("2026-10-01/2026-10-10").previous().label == "2026-09-21/2026-09-30"
    assert parse_period("2026-11-11").next().label == "2026-11-12"


@given(periods())
def test_the_label_reads_back(period):
    again = parse_period(period.label, fiscal_year_start=period.fiscal_year_start)
    assert again == period


@given(periods())
def test_stepping_there_and_back_ends_where_it_began(period):
    assert period.next().previous() == period
    assert period.next().start == period.end + timedelta(days=1)
    assert period.previous().end == period.start - timedelta(days=1)


@given(periods())
def test_last_year_has_the_same_kind_and_nearly_the_same_days(period):
    before = period.last_year()
    assert before.kind == period.kind
    assert 363 <= (period.start - before.start).days <= 366
    assert abs(before.days - period.days) <= 1


@given(DAYS, st.sampled_from([kind for kind in KINDS if kind != "range"]), STARTS)
def test_a_day_lies_in_its_period_and_before_the_next(day, kind, start):
    period = period_of(day, kind, start)
    assert day in period
    assert period.days == (period.end - period.start).days + 1
    assert next_period(day, kind, start).start == period.end + timedelta(days=1)


def test_periods_need_no_pandas():
    import subprocess
    import sys

    code = (
        "import sys; from workbench.calendar.period import parse_period; parse_period('2026Q4');"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
