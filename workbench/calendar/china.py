"""China's festivals for shops: lunar and fixed ones, and the online shopping festivals.

Windows are those in which Chinese retail moves: the run-up and the quiet days around 春节 and the
pre-sale, first payment wave and peak of 双11 and 618. Pre-sales have started on slightly different
days from year to year; the windows keep the same offsets so that they line up.
"""

from datetime import date, timedelta

from workbench.calendar.festival import Festival, Window
from workbench.calendar.lunar import lunar_date, qingming

FIRST_YEAR, LAST_YEAR = 1950, 2100
Dates = tuple[date, ...]

AROUND_A_DAY = ((-3, -1), (0, 0), (1, 1))
SPRING = ((-21, -15), (-14, -8), (-7, -4), (-3, -2), (-1, 0), (1, 6), (7, 15))
SPRING_ALIGNED = (-21, 15)


def china() -> tuple[Festival, ...]:
    """Every festival of the mainland's retail year, in the order of the year.

    >>> [festival.name_zh for festival in china()][:4]
    ['元旦', '年货节', '春节', '元宵节']
    """
    return (
        _festival(
            "new_year", "New Year", "元旦", _fixed(1, 1), ((-3, -1), (0, 0), (1, 2)), (-1, 2)
        ),
        _festival("new_year_goods", "New Year Shopping Festival", "年货节", _goods(), ((0, 6),)),
        _festival(
            "spring_festival", "Spring Festival", "春节", _lunar(1, 1), SPRING, SPRING_ALIGNED, True
        ),
        _festival("lantern", "Lantern Festival", "元宵节", _lunar(1, 15), ((0, 0),)),
        _festival("valentine", "Valentine's Day", "情人节", _fixed(2, 14), AROUND_A_DAY, (0, 0)),
        _festival("womens_day", "Women's Day", "妇女节", _fixed(3, 8), AROUND_A_DAY, (0, 0)),
        _festival("qingming", "Qingming", "清明节", _qingming(), AROUND_A_DAY, (-1, 1)),
        _festival(
            "labour_day",
            "Labour Day",
            "劳动节",
            _fixed(5, 1),
            ((-3, -1), (0, 2), (3, 4), (5, 7)),
            (-1, 4),
        ),
        _festival("day_520", "520", "520", _fixed(5, 20, 2011), AROUND_A_DAY, (0, 0)),
        _festival(
            "dragon_boat", "Dragon Boat Festival", "端午节", _lunar(5, 5), AROUND_A_DAY, (-3, 1)
        ),
        _festival(
            "618",
            "618 Shopping Festival",
            "618",
            _fixed(6, 18, 2010),
            ((-34, -19), (-18, -4), (-3, -1), (0, 0), (1, 3)),
            (-3, 0),
        ),
        _festival("qixi", "Qixi", "七夕", _lunar(7, 7), AROUND_A_DAY, (-3, 1)),
        _festival(
            "mid_autumn",
            "Mid-Autumn Festival",
            "中秋节",
            _lunar(8, 15),
            ((-14, -8), (-7, -4), *AROUND_A_DAY),
            (-14, 1),
        ),
        _festival(
            "national_day",
            "National Day",
            "国庆节",
            _fixed(10, 1),
            ((-3, -1), (0, 2), (3, 6), (7, 9)),
            (-1, 7),
        ),
        _festival(
            "double11",
            "Double 11",
            "双11",
            _fixed(11, 11, 2009),
            ((-32, -22), (-21, -12), (-11, -4), (-3, -1), (0, 0), (1, 3)),
            (-3, 0),
        ),
        _festival("double12", "Double 12", "双12", _fixed(12, 12, 2012), AROUND_A_DAY, (-1, 1)),
        _festival("christmas", "Christmas", "圣诞节", _fixed(12, 25), AROUND_A_DAY, (-1, 0)),
    )


def _festival(
    key: str,
    name_en: str,
    name_zh: str,
    dates: Dates,
    windows: tuple[tuple[int, int], ...],
    aligned: tuple[int, int] | None = None,
    blocked: bool = False,
) -> Festival:
    keep = Window(*aligned) if aligned else None
    classes = tuple(Window(*window) for window in windows)
    return Festival(key, name_en, name_zh, dates, classes, keep, blocked)


def _fixed(month: int, day: int, since: int = FIRST_YEAR) -> Dates:
    # One year more, since the days before New Year's Day 2101 lie in 2100.
    return tuple(date(year, month, day) for year in range(since, LAST_YEAR + 2))


def _lunar(month: int, day: int) -> Dates:
    return tuple(lunar_date(year, month, day) for year in range(FIRST_YEAR, LAST_YEAR + 1))


def _goods() -> Dates:
    """The New Year shopping week starts four weeks before 春节, just before its own windows."""
    return tuple(day - timedelta(days=28) for day in _lunar(1, 1))


def _qingming() -> Dates:
    return tuple(qingming(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))
