"""The Chinese lunisolar calendar: which day is the n-th of a lunar month, and when Qingming falls.

The months of 1900 to 2100 are a fixed astronomical table, so they stand here and need no library.
"""

from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1900, 2100
NEW_YEAR_1900 = date(1900, 1, 31)

# One code per lunar year from 1900, in the usual hexadecimal notation: bits 15 to 4 are months 1 to
# 12 (1: 30 days, 0: 29 days), bits 3 to 0 the month after which a leap month follows (0: none), and
# bit 16 the length of that leap month. New moons within a minute of midnight (2057, 2089, 2097)
# follow the published almanacs.
CODES = """
    04bd8 04ae0 0a570 054d5 0d260 0d950 16554 056a0 09ad0 055d2
    04ae0 0a5b6 0a4d0 0d250 1d255 0b540 0d6a0 0ada2 095b0 14977
    04970 0a4b0 0b4b5 06a50 06d40 1ab54 02b60 09570 052f2 04970
    06566 0d4a0 0ea50 16a95 05ad0 02b60 186e3 092e0 1c8d7 0c950
    0d4a0 1d8a6 0b550 056a0 1a5b4 025d0 092d0 0d2b2 0a950 0b557
    06ca0 0b550 15355 04da0 0a5b0 14573 052b0 0a9a8 0e950 06aa0
    0aea6 0ab50 04b60 0aae4 0a570 05260 0f263 0d950 05b57 056a0
    096d0 04dd5 04ad0 0a4d0 0d4d4 0d250 0d558 0b540 0b6a0 195a6
    095b0 049b0 0a974 0a4b0 0b27a 06a50 06d40 0af46 0ab60 09570
    04af5 04970 064b0 074a3 0ea50 06b58 05ac0 0ab60 096d5 092e0
    0c960 0d954 0d4a0 0da50 07552 056a0 0abb7 025d0 092d0 0cab5
    0a950 0b4a0 0baa4 0ad50 055d9 04ba0 0a5b0 15176 052b0 0a930
    07954 06aa0 0ad50 05b52 04b60 0a6e6 0a4e0 0d260 0ea65 0d530
    05aa0 076a3 096d0 04afb 04ad0 0a4d0 1d0b6 0d250 0d520 0dd45
    0b5a0 056d0 055b2 049b0 0a577 0a4b0 0aa50 1b255 06d20 0ada0
    14b63 09370 049f8 04970 064b0 168a6 0ea50 06b20 1a6c4 0aae0
    092e0 0d2e3 0c960 0d557 0d4a0 0da50 05d55 056a0 0a6d0 055d4
    052d0 0a9b8 0a950 0b4a0 0b6a6 0ad50 055a0 0aba4 0a5b0 052b0
    0b273 06930 07337 06aa0 0ad50 14b55 04b60 0a570 054e4 0d160
    0e968 0d520 0daa0 16aa6 056d0 04ae0 0a9d4 0a2d0 0d150 0f252
    0d520
"""
YEARS = tuple(int(code, 16) for code in CODES.split())


def month_lengths(year: int) -> list[tuple[int, int]]:
    """(month, days) of one lunar year in order; a leap month repeats the number before it.

    >>> month_lengths(2025)[5:8], sum(days for _, days in month_lengths(2025))
    ([(6, 30), (6, 29), (7, 30)], 384)
    """
    code = YEARS[year - FIRST_YEAR]
    months = []
    for month in range(1, 13):
        months.append((month, 30 if code >> (16 - month) & 1 else 29))
        if month == code & 0xF:
            months.append((month, 30 if code >> 16 else 29))
    return months


def _new_years() -> tuple[date, ...]:
    days = [NEW_YEAR_1900]
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        days.append(days[-1] + timedelta(days=sum(days for _, days in month_lengths(year))))
    return tuple(days)


# The first day of each lunar year, 1900 to 2101.
NEW_YEARS = _new_years()


def lunar_date(year: int, month: int, day: int) -> date:
    """The day on which ``day`` of lunar ``month`` falls; a leap month is never meant.

    >>> lunar_date(2026, 1, 1).isoformat(), lunar_date(2026, 7, 7).isoformat()
    ('2026-02-17', '2026-08-19')
    """
    start = NEW_YEARS[year - FIRST_YEAR]
    lengths = month_lengths(year)
    before = [number for number, _ in lengths].index(month)
    return start + timedelta(days=sum(days for _, days in lengths[:before]) + day - 1)


def qingming(year: int) -> date:
    """Qingming, the solar term on 4 to 6 April, by the usual formula of 1900 to 2100.

    >>> qingming(2026).isoformat(), qingming(2028).isoformat()
    ('2026-04-05', '2028-04-04')
    """
    short, constant = year % 100, 5.59 if year < 2000 else 4.81
    if year == 2100:
        return date(2100, 4, 5)
    return date(year, 4, int(short * 0.2422 + constant) - short // 4)
