"""Tables of the data and of past forecasts: data report, units, columns, backtest, calendar."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.tables.sheet import (
    Column,
    amounts,
    money_note,
    names,
    percents,
    sheet,
)
from workbench.report.words import Words
from workbench.schema.tables import TABLES

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.calendar.calendar import Calendar
    from workbench.calendar.period import Period
    from workbench.data.report import DataReport

LIMIT = 40


def data_table(report: "DataReport", words: Words) -> "GT":
    """From the rows read to the rows counted: what was left out, and by which rule."""
    entries = report.table(words.language)
    what, rows, money, rule = (entries[name] for name in entries.columns)
    columns = [
        Column(words("data.item"), tuple(what), number=False),
        Column(words("data.rows"), tuple(words.count(value) for value in rows)),
        amounts(words("data.money"), list(money), words),
        Column(words("data.rule"), tuple(rule), number=False),
    ]
    ends = [at for at, entry in enumerate(report.entries) if entry.rule in ("read", "counted")]
    note = money_note(words)
    return sheet("data", columns, words, title=words("data.title"), note=note, bold=ends)


def units_table(report: "DataReport", words: Words, *, limit: int = LIMIT) -> "GT":
    """Each unit's first and last day, days without sales or not observed, and total."""
    rows = report.units.sort_values("total", ascending=False, kind="stable")
    columns = [names(list(rows["unit"]), words)]
    columns += [Column(words(f"units.{n}"), _days(rows[n], words)) for n in ("first", "last")]
    columns += [
        Column(words(f"units.{name}"), tuple(words.count(value) for value in rows[name]))
        for name in ("days", "zero", "missing")
    ]
    total = words("units.total" if words.currency else "units.total.pieces")
    columns.append(amounts(total, list(rows["total"]), words))
    note = money_note(words)
    return sheet("units", columns, words, title=words("units.title"), note=note, limit=limit)


def columns_table(report: "DataReport", words: Words) -> "GT":
    """Which column of the source was taken for what."""
    table = TABLES[report.kind]
    meaning = {column.name: column.meaning[words.language] for column in table.columns}
    meanings = [meaning.get(name, "") for name in report.columns]
    columns = [
        Column(words("columns.meaning"), tuple(meanings), number=False),
        Column(words("columns.ours"), tuple(map(str, report.columns)), number=False),
        Column(words("columns.theirs"), tuple(map(str, report.columns.values())), number=False),
    ]
    return sheet("columns", columns, words, title=words("columns.title"))


def skill_table(skill: pd.DataFrame, words: Words, *, unit: str | None = "") -> "GT":
    """How such forecasts did at past dates: error, bias, and how often the 80 % range held.

    ``unit``: the unit shown; empty for the sum of all, None for every unit (ours only).
    """
    ours = skill["model"] == "workbench"
    rows = _worst_first(skill[ours]) if unit is None else skill[skill["unit"] == unit]
    first = names(list(rows["unit"]), words)
    if unit is not None:
        labels = tuple(words.either(f"model.{name}", name) for name in rows["model"])
        first = Column(words("skill.model"), labels, number=False)
    columns = [
        first,
        percents(words("skill.mape"), list(rows["mape"] / 100), words, digits=1),
        percents(words("skill.bias"), list(rows["bias"] / 100), words, digits=1, sign=True),
        percents(words("skill.coverage_80"), list(rows["coverage_80"]), words),
        Column(words("skill.n_origins"), tuple(words.count(n) for n in rows["n_origins"])),
    ]
    return sheet(
        "skill",
        columns,
        words,
        title=words("skill.title_units" if unit is None else "skill.title"),
        subtitle=words("skill.subtitle"),
        note=words("skill.note"),
        bold=[0],
        limit=LIMIT,
    )


def _worst_first(skill: pd.DataFrame) -> pd.DataFrame:
    """The sum of all units first, then the units whose forecasts missed most."""
    rest = skill[skill["unit"] != ""].sort_values("mape", ascending=False, kind="stable")
    return pd.concat([skill[skill["unit"] == ""], rest])


def calendar_table(calendar: "Calendar", words: Words, *, period: "Period") -> "GT":
    """Festivals, days off and make-up working days of a period."""
    rows = _spans(calendar.table(period.start, period.end))
    days = tuple(
        words.date(first, weekday=True) if first == last else words.dates(first, last)
        for first, last in zip(rows["first"], rows["last"], strict=True)
    )
    kinds = tuple(words.either(f"calendar.{kind}", kind) for kind in rows["kind"])
    certain = (
        "calendar.estimated" if guess else "calendar.official" for guess in rows["estimated"]
    )
    columns = [
        Column(words("calendar.date"), days, number=False),
        Column(words("calendar.name"), tuple(rows[f"name_{words.language}"]), number=False),
        Column(words("calendar.kind"), kinds, number=False),
        Column(words("calendar.certain"), tuple(map(words, certain)), number=False),
    ]
    title = words("calendar.title", period=words.period(period))
    note = words("calendar.none") if rows.empty else ""
    return sheet("calendar", columns, words, title=title, note=note, limit=LIMIT)


def _spans(days: pd.DataFrame) -> pd.DataFrame:
    """Days of the same occasion that follow each other in one row: ``first`` and ``last``."""
    what = ["kind", "name_en", "name_zh", "estimated"]
    rows = days.assign(date=pd.DatetimeIndex(days["date"])).sort_values([*what, "date"])
    follows = rows.groupby(what, sort=False)["date"].diff() == pd.Timedelta(days=1)
    rows["span"] = (~follows).cumsum()
    spans = rows.groupby("span").agg(
        **{name: (name, "first") for name in what}, first=("date", "min"), last=("date", "max")
    )
    spans = spans.sort_values(["first", "last"], kind="stable")
    return spans.assign(**{name: spans[name].dt.date for name in ("first", "last")})


def _days(dates: "pd.Series[pd.Timestamp]", words: Words) -> tuple[str, ...]:
    return tuple(words.date(day.date()) if pd.notna(day) else "–" for day in dates)
