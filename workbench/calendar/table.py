"""The planner's table: which days are festivals, days off, or worked on a weekend, and why."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from workbench.calendar.festival import Festival
from workbench.calendar.names import chinese_name
from workbench.calendar.official import IN_LIEU, OfficialDays, runs

COLUMNS = ["date", "kind", "name_en", "name_zh", "estimated"]
ORDER = ("festival", "rest_day", "makeup_workday")
# The festivals that China's public holidays are named after.
PUBLIC = frozenset(
    {
        "new_year",
        "spring_festival",
        "qingming",
        "labour_day",
        "dragon_boat",
        "mid_autumn",
        "national_day",
    }
)
Names = tuple[str, str]


def planner_table(
    marks: Sequence[Any],
    festivals: Sequence[Festival],
    official: OfficialDays | None,
    start: date,
    end: date,
) -> pd.DataFrame:
    """One row per festival, day off and make-up working day from ``start`` to ``end``.

    A festival that is a day off of the same name stands there once, as the day off.
    """
    rows = [(mark.date, "festival", mark.name_en, mark.name_zh, mark.estimated) for mark in marks]
    if official is not None:
        rows += [row for row in _official_rows(festivals, official) if start <= row[0] <= end]
    off = {(row[0], row[2]) for row in rows if row[1] == "rest_day"}
    rows = [row for row in rows if row[1] != "festival" or (row[0], row[2]) not in off]
    rows.sort(key=lambda row: (row[0], ORDER.index(row[1])))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(
        date=pd.to_datetime(frame["date"]), estimated=frame["estimated"].astype(bool)
    )


def _official_rows(
    festivals: Sequence[Festival], official: OfficialDays
) -> list[tuple[date, str, str, str, bool]]:
    blocks = _block_names(festivals, official) if official.estimated_from else {}
    rows = []
    for day in official.rest:
        en, zh = blocks[day] if day in blocks else _listed_names(official.names[day])
        if day in blocks:
            en, zh = f"{en} holiday", f"{zh}放假"
        rows.append((day, "rest_day", en, zh, _is_estimate(day, official)))
    worked_for = _worked_for(official.names)
    for day in official.makeup:
        block = blocks.get(worked_for.get(day, day))
        en = f"Make-up workday ({block[0]})" if block else "Make-up workday"
        zh = f"调休上班（{block[1]}）" if block else "调休上班"
        rows.append((day, "makeup_workday", en, zh, _is_estimate(day, official)))
    return rows


def _block_names(festivals: Sequence[Festival], official: OfficialDays) -> dict[date, Names]:
    """For each day off in China the festivals that its block of days off is for."""
    held: dict[date, list[Names]] = {}
    for festival in festivals:
        if festival.key in PUBLIC:
            for day in festival.dates:
                held.setdefault(day, []).append((festival.name_en, festival.name_zh))
    named = {}
    for run in runs(official.rest):
        names = [name for day in run for name in held.get(day, [])]
        names = names or [
            _listed_names(next(official.names[d] for d in run if d in official.names))
        ]
        joined = ", ".join(en for en, _ in names), "、".join(zh for _, zh in names)
        named.update(dict.fromkeys(run, joined))
    return named


def _worked_for(names: Mapping[date, str]) -> dict[date, date]:
    """Make-up working day → the day off it is worked for, told from the name of the day off."""
    found = {}
    for day, name in names.items():
        if IN_LIEU in name and (written := re.search(r"\d\d/\d\d/\d{4}", name)):
            found[datetime.strptime(written[0], "%m/%d/%Y").date()] = day
    return found


def _listed_names(listed: str) -> Names:
    names = re.sub(r" \((?:observed, )?estimated\)", "", listed)
    plain = [name.removesuffix(" (observed)") for name in names.split("; ")]
    moved = "（补假）" if "(observed)" in names else ""
    return names, "、".join(chinese_name(name) for name in plain) + moved


def _is_estimate(day: date, official: OfficialDays) -> bool:
    late = official.estimated_from is not None and day.year >= official.estimated_from
    return late or "estimated)" in official.names.get(day, "")
