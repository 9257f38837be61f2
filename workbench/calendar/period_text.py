"""Reading a period as people write it, and saying exactly what is wrong when it cannot be read."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from workbench.calendar.period import (
    MONTHS,
    Kind,
    Period,
    check_fiscal_year_start,
    fiscal_month,
    month_period,
    range_period,
    week_period,
)
from workbench.errors import ParameterError, Problem

YEARS = range(1900, 2101)
DAY = r"\d{4}-\d{1,2}-\d{1,2}"
CHINESE_NUMERALS = str.maketrans("一二三四", "1234")

Reader = Callable[[str, re.Match[str], int], Period]


def read_period(text: object, fiscal_year_start: int) -> Period:
    """The period in ``text``; see :func:`workbench.calendar.period.parse_period`."""
    check_fiscal_year_start(fiscal_year_start)
    written = "" if text is None else str(text)
    plain = normalise(written)
    for pattern, reader in READERS:
        if match := re.fullmatch(pattern, plain):
            return reader(written, match, fiscal_year_start)
    raise _error("unreadable", written)


def normalise(text: str) -> str:
    """One spelling out of many: full-width and Chinese forms, case, blanks, separators.

    >>> normalise("２０２６年第四季度"), normalise("2026年11月11日 至 2026/11/12")
    ('2026Q4', '2026-11-11..2026-11-12')
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    plain = re.sub(r"T?\b00:00(:00)?\b", "", plain)
    plain = re.sub(r"\s*(\.\.|~|—+|–|至|到|\bTO\b)\s*", "..", plain)
    plain = re.sub(r"\s+", "", plain).replace("第", "").replace("财年", "年")
    plain = plain.replace("上半年", "H1").replace("下半年", "H2")
    plain = re.sub(r"([一二三四\d])季度?", lambda m: "Q" + m[1].translate(CHINESE_NUMERALS), plain)
    plain = re.sub(r"(\d{1,2})周", r"W\1", plain)
    plain = re.sub(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?", r"\1-\2-\3", plain)
    plain = re.sub(r"(\d{4})年(\d{1,2})月", r"\1-\2", plain).replace("年", "")
    plain = re.sub(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)", r"\1-\2-\3", plain)
    plain = re.sub(r"^([QHW]\d+)[-/.,]?(\d{4})$", r"\2\1", plain)
    return re.sub(rf"({DAY})[-/]({DAY})", r"\1..\2", plain)


def _read_part(kind: Kind, name: str) -> Reader:
    """A reader of quarters or halves: the fiscal year and the number of the part."""

    def read(written: str, match: re.Match[str], fiscal_year_start: int) -> Period:
        year, part = _year(written, match[1]), int(match[2])
        parts = 12 // MONTHS[kind]
        if not 1 <= part <= parts:
            raise _error(f"no_such_{name}", written, number=part)
        first = fiscal_month(year, (part - 1) * MONTHS[kind], fiscal_year_start)
        return month_period(kind, first, fiscal_year_start)

    return read


def _read_year(written: str, match: re.Match[str], fiscal_year_start: int) -> Period:
    first = fiscal_month(_year(written, match[1]), 0, fiscal_year_start)
    return month_period("year", first, fiscal_year_start)


def _read_month(written: str, match: re.Match[str], fiscal_year_start: int) -> Period:
    year, month = _year(written, match[1]), int(match[2])
    if not 1 <= month <= 12:
        raise _error("no_such_month", written, number=month)
    return month_period("month", year * 12 + month - 1, fiscal_year_start)


def _read_week(written: str, match: re.Match[str], _: int) -> Period:
    year, week = _year(written, match[1]), int(match[2])
    # 28 December always lies in the last ISO week of its year.
    weeks = date(year, 12, 28).isocalendar().week
    if not 1 <= week <= weeks:
        raise _error("no_such_week", written, number=week, year=year, weeks=weeks)
    return week_period(date.fromisocalendar(year, week, 1))


def _read_day(written: str, match: re.Match[str], _: int) -> Period:
    day = _day(written, match[1])
    return range_period(day, day, "day")


def _read_range(written: str, match: re.Match[str], _: int) -> Period:
    start, end = _day(written, match[1]), _day(written, match[2])
    if end < start:
        raise _error("reversed", written, start=start.isoformat(), end=end.isoformat())
    return range_period(start, end)


READERS: tuple[tuple[str, Reader], ...] = (
    (r"(?:FY)?(\d{4})[-_]?Q(\d)", _read_part("quarter", "quarter")),
    (r"(?:FY)?(\d{4})[-_]?H(\d)", _read_part("half", "half")),
    (r"(\d{4})[-_]?W(\d{1,2})", _read_week),
    (rf"({DAY})\.\.({DAY})", _read_range),
    (rf"({DAY})", _read_day),
    (r"(\d{4})[-/.]?(\d{2})", _read_month),
    (r"(\d{4})[-/.](\d)", _read_month),
    (r"(?:FY)?(\d{4})", _read_year),
)


def _year(written: str, digits: str) -> int:
    year = int(digits)
    if year not in YEARS:
        raise _error("year_out_of_range", written, year=year, first=YEARS[0], last=YEARS[-1])
    return year


def _day(written: str, text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    _year(written, text[:4])
    try:
        return date(year, month, day)
    except ValueError:
        raise _error("impossible_date", written, day=text) from None


def _error(name: str, written: str, **facts: object) -> ParameterError:
    return ParameterError(Problem(f"period.{name}", {"text": written, **facts}))
