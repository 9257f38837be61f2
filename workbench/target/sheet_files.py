"""The sheet of a cascade as a file: Parquet for programs, CSV and Excel for people."""

from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.errors import Language, Problem, TargetError
from workbench.target.sheet import STEPS, day_table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from workbench.target.cascaded import Cascade

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
KINDS = (".parquet", ".csv", ".xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run as a formula."""


def write_cascade(cascade: "Cascade", path: Path, *, language: Language) -> Path:
    """Write the sheet; what kind of file is told from the name. See ``Cascade.write``."""
    if path.suffix.lower() not in KINDS:
        raise TargetError(Problem("cascade.sheet_type", {"path": str(path)}))
    if not path.parent.is_dir():
        raise TargetError(Problem("cascade.sheet_folder", {"folder": str(path.parent)}))
    sheet = cascade.sheet()
    if path.suffix.lower() == ".parquet":
        sheet.to_parquet(path, index=False)
    elif path.suffix.lower() == ".csv":
        # The mark tells Excel that the file is UTF-8.
        shown(sheet, language).to_csv(
            path, index=False, encoding="utf-8-sig", date_format="%Y-%m-%d"
        )
    else:
        _write_excel(cascade, sheet, path, language)
    return path


def shown(sheet: pd.DataFrame, language: Language) -> pd.DataFrame:
    """The sheet with headers, levels, spans and limits in the reader's language.

    Names that a spreadsheet would run as a formula are shown with an apostrophe before them.
    """
    words = _catalogue()

    def said(group: str) -> dict[str, str]:
        return {name: str(pair[language]) for name, pair in words[group].items()}

    everything = said("words")["all"]
    out = sheet.assign(
        level=sheet["level"].map(lambda name: said_or(said("levels"), name)),
        span=sheet["span"].map(said("spans")),
        limit=sheet["limit"].map(said("limits")).fillna(""),
        node=sheet["node"].where(sheet["node"] != "", everything),
        share=sheet["share"].round(4),
        probability=sheet["probability"].round(4),
        last_year=sheet["last_year"].round(2),
        parent=sheet["parent"].where((sheet["parent"] != "") | (sheet["node"] == ""), everything),
    )
    for name in out.columns:
        if pd.api.types.is_string_dtype(out[name]) or out[name].dtype == object:
            out[name] = out[name].map(_harmless)
    return out.rename(columns=said("levels") | said("columns"))


def said_or(words: dict[str, str], name: str) -> str:
    """The word for a name, or the name itself."""
    return words.get(name, name)


@cache
def _catalogue() -> dict[str, Any]:
    import yaml

    text = resources.files("workbench").joinpath("target/sheet.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _harmless(value: object) -> object:
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else value


def _write_excel(cascade: "Cascade", sheet: pd.DataFrame, path: Path, language: Language) -> None:
    from openpyxl import Workbook

    tabs = list(_tabs(cascade, sheet, language))
    for title, table in tabs:
        if len(table) + 1 > MOST_ROWS or len(table.columns) > MOST_COLUMNS:
            facts = {"tab": title, "rows": f"{len(table):,}", "most": f"{MOST_ROWS - 1:,}"}
            raise TargetError(Problem("cascade.sheet_rows", facts))
    book = Workbook(write_only=True)
    for title, table in tabs:
        _fill(book.create_sheet(title), table, language)
    book.save(path)


def _tabs(
    cascade: "Cascade", sheet: pd.DataFrame, language: Language
) -> Iterator[tuple[str, pd.DataFrame]]:
    """One tab per level, with a column per week (or month); the days of every node; chances."""
    words = _catalogue()
    used: set[str] = set()
    coarse = "week" if cascade.days is None or cascade.days.frequency != "M" else "month"
    for level in cascade.tree.levels:
        rows = sheet[sheet["level"] == level]
        period = rows[rows["span"] == "period"]
        head = shown(period, language).drop(
            columns=[words["columns"][name][language] for name in ("level", "span")]
        )
        spans = rows[rows["span"].isin(["to_date", coarse])]
        wide = head.reset_index(drop=True)
        for (span, start, _), part in spans.groupby(["span", "start", "end"], sort=False):
            day = f"{start:%Y-%m-%d}"
            name = words["spans"]["to_date"][language] if span == "to_date" else day
            wide[name] = part["target"].to_numpy()
        pair = words["levels"].get(level, {language: level})
        yield _title(str(pair[language]), used), wide
    days = day_table(cascade)
    if cascade.days is not None and STEPS[cascade.days.frequency] == "day":
        everything = words["words"]["all"][language]
        names = [_harmless(name or everything) for name in days.columns]
        table = days.set_axis(names, axis=1).T
        table.columns = [f"{date:%Y-%m-%d}" for date in days.index]
        table.insert(0, words["columns"]["node"][language], names)
        yield _title(words["words"]["days"][language], used), table
    for span in dict.fromkeys((coarse, "day")):
        chances = _chances(sheet[sheet["span"] == span], language)
        if len(chances.columns) > 1:
            yield _title(words["words"][f"{span}_chances"][language], used), chances


def _chances(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """How likely each node (rows) reaches the target of each week or day (columns)."""
    words = _catalogue()
    names = rows["node"].where(rows["node"] != "", words["words"]["all"][language])
    starts = list(dict.fromkeys(rows["start"]))
    table = pd.DataFrame({words["columns"]["node"][language]: names.iloc[:: max(len(starts), 1)]})
    for start in starts:
        likely = rows.loc[rows["start"] == start, "probability"]
        table[f"{start:%Y-%m-%d}"] = likely.to_numpy()
    table[table.columns[0]] = table[table.columns[0]].map(_harmless)
    return table.reset_index(drop=True)


def _title(name: str, used: set[str]) -> str:
    """A tab's name: at most 31 characters, none that Excel forbids, none twice."""
    plain = "".join("_" if sign in "[]:*?/\\" else sign for sign in name)[:31] or "_"
    title, again = plain, 2
    while title.lower() in used:
        title, again = f"{plain[:28]}_{again}", again + 1
    used.add(title.lower())
    return title


def _fill(tab: "Worksheet", table: pd.DataFrame, language: Language) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    words = _catalogue()["columns"]
    percent = {words["share"][language], words["probability"][language]}
    tab.freeze_panes = "B2"
    head = []
    for at, name in enumerate(table.columns):
        cell = WriteOnlyCell(tab, value=str(name))
        cell.font = Font(bold=True)
        head.append(cell)
        tab.column_dimensions[_letter(at)].width = 20 if at == 0 else 13
    tab.append(head)
    formats = ["0.0%" if name in percent else "#,##0.##" for name in table.columns]
    for row in table.itertuples(index=False, name=None):
        tab.append([_cell(tab, value, form) for value, form in zip(row, formats, strict=True)])


def _cell(tab: "Worksheet", value: object, form: str) -> object:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        if value != value:
            return None
        whole = form == "#,##0.##" and round(value, 2) == round(value)
        cell = WriteOnlyCell(tab, value=value)
        cell.number_format = "#,##0" if whole else form
        return cell
    return value


def _letter(at: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(at + 1))
