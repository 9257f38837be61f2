"""Everything a report says, in Chinese and in English."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from workbench.errors import Language, Problem
from workbench.report import numbers

if TYPE_CHECKING:
    from workbench.calendar.calendar import Mark
    from workbench.calendar.period import Period

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
QUARTERS_ZH = ("一", "二", "三", "四")


@cache
def catalogue() -> Mapping[str, Mapping[Language, str]]:
    """Every word by key, from ``report/words/*.yaml``; a key stands in one file only."""
    import yaml

    found: dict[str, Mapping[Language, str]] = {}
    folder = resources.files("workbench").joinpath("report/words")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        for key, pair in yaml.safe_load(file.read_text("utf-8")).items():
            if key in found:
                raise KeyError(f"the word {key!r} stands in two catalogues; {file.name} is one")
            found[key] = pair
    return found


@dataclass(frozen=True)
class Words:
    """The words and number formats of one report.

    ``currency`` is the code of the sales' money (``"CNY"``, ``"USD"``, …); empty for pieces.

    >>> words = Words("zh")
    >>> words("commit"), words.money(5e6), words.probability(0.431), words.short(5e6)
    ('保底', '¥5,000,000', '43%', '¥500万')
    """

    language: Language = "en"
    currency: str = "CNY"

    def __call__(self, key: str, **facts: object) -> str:
        """The words of ``key``, with ``facts`` filled in; they are to be formatted beforehand."""
        return catalogue()[key][self.language].format_map(facts)

    def known(self, key: str) -> bool:
        """Whether the catalogue has ``key``."""
        return key in catalogue()

    def either(self, key: str, fallback: object) -> str:
        """The words of ``key``, or ``fallback`` as it is where the catalogue has none."""
        return self(key) if key in catalogue() else str(fallback)

    def money(self, value: float, *, cents: bool = False) -> str:
        """An amount in full digits with its currency."""
        return numbers.money(value, self.currency, cents=cents)

    def amount(self, value: float, *, cents: bool = False) -> str:
        """An amount in full digits without its currency, for tables that name it in the head."""
        return numbers.money(value, cents=cents)

    def short(self, value: float) -> str:
        """An amount in about four digits with its currency, for figures."""
        return numbers.money_short(value, self.language, self.currency)

    def tick(self, value: float) -> str:
        """An amount without its currency, for axes that name it."""
        return numbers.tick(value, self.language)

    def percent(self, value: float, *, digits: int = 0, sign: bool = False) -> str:
        """A ratio as percent; 0.08 is 8 %."""
        return numbers.percent(value, self.language, digits=digits, sign=sign)

    def probability(self, value: float) -> str:
        """A probability in whole percent, between <1 % and >99 %."""
        return numbers.probability(value, self.language)

    def count(self, value: float) -> str:
        """A whole number with separators."""
        return numbers.count(value)

    def date(self, day: dt.date, *, year: bool = True, weekday: bool = False) -> str:
        """A day as people write it.

        >>> Words("en").date(dt.date(2026, 9, 30)), Words("zh").date(dt.date(2026, 9, 30))
        ('30 Sep 2026', '2026年9月30日')
        """
        if self.language == "zh":
            text = (f"{day.year}年" if year else "") + f"{day.month}月{day.day}日"
        else:
            text = f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")
        name = WEEKDAYS[self.language][day.weekday()]
        if not weekday:
            return text
        return f"{text}（{name}）" if self.language == "zh" else f"{name} {text}"

    def month(self, day: dt.date, *, year: bool = False) -> str:
        """The month of a day: Oct, 10月; with its year: Oct 2026, 2026年10月."""
        if self.language == "zh":
            return (f"{day.year}年" if year else "") + f"{day.month}月"
        return MONTHS[day.month - 1] + (f" {day.year}" if year else "")

    def year(self, year: int) -> str:
        """A year: 2026, 2026年."""
        return f"{year}年" if self.language == "zh" else str(year)

    def mark(self, mark: "Mark") -> str:
        """The name of a festival."""
        return mark.name_zh if self.language == "zh" else mark.name_en

    def period(self, period: "Period") -> str:
        """The name of a period.

        >>> from workbench.calendar.period import Period
        >>> quarter = Period("2026Q4", dt.date(2026, 10, 1), dt.date(2026, 12, 31))
        >>> Words("en").period(quarter), Words("zh").period(quarter)
        ('2026 Q4', '2026年四季度')
        """
        label = period.label
        match label[:4].isdigit(), label[4:5], label[5:]:
            case True, "Q", quarter if quarter in ("1", "2", "3", "4"):
                zh = f"{label[:4]}年{QUARTERS_ZH[int(quarter) - 1]}季度"
                return zh if self.language == "zh" else f"{label[:4]} Q{quarter}"
            case True, "W", week if week.isdigit():
                zh = f"{label[:4]}年第{int(week)}周"
                return zh if self.language == "zh" else f"{label[:4]} week {int(week)}"
            case True, "-", month if len(month) == 2 and month.isdigit():
                return self.month(period.start, year=True)
            case True, "", _:
                return f"{label}年" if self.language == "zh" else label
        return self.dates(period.start, period.end)

    def dates(self, start: dt.date, end: dt.date) -> str:
        """From a day to a day, both included."""
        if start == end:
            return self.date(start)
        same_year = start.year == end.year
        if self.language == "zh":
            return f"{self.date(start)}至{self.date(end, year=not same_year)}"
        return f"{self.date(start, year=not same_year)} – {self.date(end)}"

    def days(self, start: dt.date, end: dt.date) -> str:
        """The same in few characters, without the year: a week within a period.

        >>> first, last = dt.date(2026, 9, 28), dt.date(2026, 10, 4)
        >>> Words("en").days(first, last), Words("zh").days(first, last)
        ('28 Sep – 4 Oct', '9月28日–10月4日')
        >>> Words("en").days(last, dt.date(2026, 10, 5)), Words("zh").days(last, last)
        ('4 – 5 Oct', '10月4日')
        """
        if start == end:
            return self.date(start, year=False)
        same, last = start.month == end.month, self.date(end, year=False)
        if self.language == "zh":
            return f"{self.date(start, year=False)}–{f'{end.day}日' if same else last}"
        return f"{start.day if same else self.date(start, year=False)} – {last}"

    def listed(self, items: list[str]) -> str:
        """Items in one sentence: a, b and c; a、b和c.

        >>> Words("zh").listed(["一", "二", "三"]), Words("en").listed(["a", "b", "c"])
        ('一、二和三', 'a, b and c')
        """
        comma, last = ("、", "和") if self.language == "zh" else (", ", " and ")
        if len(items) < 2:
            return "".join(items)
        return f"{comma.join(items[:-1])}{last}{items[-1]}"

    def problem(self, problem: Problem) -> tuple[str, str, str]:
        """What is wrong, what was found and what to do, in the report's language."""
        language = self.language
        return (
            problem.part("what", language),
            problem.part("found", language),
            problem.part("do", language),
        )
