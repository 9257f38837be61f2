"""SQL that reads a source column as text, number or time, and keeps what could not be read."""

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from workbench.data.mapping import Mapping
from workbench.schema import Kind

As = Literal["text", "number", "share", "flag", "time", "day"]
FORMATS = (
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H:%M:%S",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
)
FIRST_YEAR, LAST_YEAR = 1990, 2100
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_OFFSET = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)$"
_OFFSET_TAIL = r"(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?:Z|z|UTC|[+-]\d{2}(?::?\d{2})?)$"
_NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "DECIMAL", "BOOLEAN")


@dataclass(frozen=True)
class Want:
    """A column to read: the ``source`` header, the ``name`` it gets, what it is read ``as_``."""

    name: str
    source: str
    as_: As
    money: bool = False


def read_as(kind: Kind) -> As:
    """How a kind of schema column is read.

    >>> read_as("money"), read_as("category"), read_as("datetime")
    ('number', 'text', 'time')
    """
    ways: dict[Kind, As] = {"share": "share", "flag": "flag", "date": "day", "datetime": "time"}
    if kind in ways:
        return ways[kind]
    return "text" if kind in ("text", "category") else "number"


def query(
    relation: str,
    wants: tuple[Want, ...],
    types: MappingType[str, str],
    mapping: Mapping,
    hashes: MappingType[str, tuple[str, ...]],
) -> str:
    """Read ``wants`` from ``relation``: each value, what could not be read, time offsets.

    ``types`` are the DuckDB types of the source columns; ``hashes`` names further result columns,
    each a hash of several source columns. Binds $blanks, $missing, $yes, $no and $date_format.
    """
    inner = [f"{_raw(want, types[want.source])} AS t{at}" for at, want in enumerate(wants)]
    middle, outer = [], []
    for at, want in enumerate(wants):
        name = quote(want.name)
        middle.append(f"t{at}, {_value(want, types[want.source], f't{at}', mapping)} AS v{at}")
        outer.append(f"v{at} AS {name}")
        if want.as_ != "text":
            unread = f"CASE WHEN v{at} IS NULL THEN CAST(t{at} AS VARCHAR) END"
            outer.append(f"{unread} AS {quote(want.name + '?bad')}")
        if want.as_ in ("time", "day"):
            middle.append(f"{_offset(types[want.source], f't{at}')} AS o{at}")
            outer.append(f"o{at} AS {quote(want.name + '?offset')}")
    for name, columns in hashes.items():
        inner.append(f"hash({', '.join(quote(column) for column in columns)}) AS {quote(name)}")
        middle.append(quote(name))
        outer.append(quote(name))
    return (
        f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(middle)} FROM "
        f"(SELECT {', '.join(inner)} FROM {relation}))"
    )


def _is_numeric(type_: str) -> bool:
    return type_.removeprefix("U").split("(")[0] in _NUMERIC


def _is_time(type_: str) -> bool:
    return type_.startswith(("TIMESTAMP", "DATE"))


def _raw(want: Want, type_: str) -> str:
    """The source column: as it is where its type already fits, else as text without blanks."""
    column = quote(want.source)
    if want.as_ in ("number", "share", "flag") and _is_numeric(type_):
        return f"CASE WHEN NOT isnan(CAST({column} AS DOUBLE)) THEN {column} END"
    if want.as_ in ("time", "day") and _is_time(type_):
        return column
    text = f"CAST({column} AS VARCHAR)"
    if type_ in ("DOUBLE", "FLOAT"):
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        text = f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE {text} END"
        text = f"nullif({text}, 'nan')"
    text = f"nullif(trim({text}, $blanks), '')"
    if want.as_ == "text":
        return text
    return f"CASE WHEN NOT list_contains($missing, lower({text})) THEN {text} END"


def _value(want: Want, type_: str, t: str, mapping: Mapping) -> str:
    if want.as_ == "text":
        return t
    if want.as_ in ("time", "day"):
        return _time(type_, t, mapping)
    if _is_numeric(type_):
        number = f"CASE WHEN isfinite(CAST({t} AS DOUBLE)) THEN CAST({t} AS DOUBLE) END"
    else:
        number = _number(want, t, mapping)
    scale = mapping.scale if want.money else 1.0
    if want.name in mapping.negate:
        scale = -scale
    return number if scale == 1.0 else f"({number}) * {scale!r}"


def _number(want: Want, t: str, mapping: Mapping) -> str:
    bare = t
    for at in range(len(mapping.currency_sign)):
        bare = f"trim(replace({bare}, $sign{at}, ''))"
    if mapping.thousands:
        comma, point = re.escape(mapping.thousands), re.escape(mapping.decimal)
        grouped = rf"[+-]?\d{{1,3}}({comma}\d{{3}})+({point}\d*)?"
        bare = (
            f"CASE WHEN regexp_full_match({bare}, {literal(grouped)}) "
            f"THEN replace({bare}, {literal(mapping.thousands)}, '') ELSE {bare} END"
        )
    if mapping.decimal == ",":
        bare = f"CASE WHEN NOT contains({bare}, '.') THEN replace({bare}, ',', '.') END"
    number = f"CASE WHEN regexp_full_match({bare}, '{_NUMBER}') THEN TRY_CAST({bare} AS DOUBLE) END"
    number = f"CASE WHEN isfinite({number}) THEN {number} END"
    if want.as_ == "share":
        part = f"left({t}, length({t}) - 1)"
        percent = f"regexp_full_match({t}, '{_NUMBER}%')"
        return f"CASE WHEN {percent} THEN TRY_CAST({part} AS DOUBLE) / 100 ELSE {number} END"
    if want.as_ == "flag":
        return (
            f"CASE WHEN list_contains($yes, lower({t})) THEN 1.0 "
            f"WHEN list_contains($no, lower({t})) THEN 0.0 ELSE {number} END"
        )
    return number


def _time(type_: str, t: str, mapping: Mapping) -> str:
    if type_.startswith("TIMESTAMP WITH"):
        value = f"make_timestamp(epoch_us({t}))"
    elif _is_time(type_):
        value = f"CAST({t} AS TIMESTAMP)"
    else:
        body = f"regexp_replace({t}, {literal(_OFFSET_TAIL)}, '\\1')"
        if mapping.date_format:
            value = f"try_strptime({body}, $date_format)"
        else:
            iso = f"CASE WHEN regexp_matches({body}, '^\\d{{4}}[-/]\\d') THEN {body} END"
            formats = ", ".join(literal(form) for form in FORMATS)
            value = f"coalesce(TRY_CAST({iso} AS TIMESTAMP), try_strptime({body}, [{formats}]))"
    return f"CASE WHEN year({value}) BETWEEN {FIRST_YEAR} AND {LAST_YEAR} THEN {value} END"


def _offset(type_: str, t: str) -> str:
    """The UTC offset a time carries, as text; NULL where it has none."""
    if type_.startswith("TIMESTAMP WITH"):
        return f"CASE WHEN {t} IS NOT NULL THEN '+00:00' END"
    if _is_time(type_):
        return "CAST(NULL AS VARCHAR)"
    return f"nullif(regexp_extract({t}, {literal(_OFFSET)}, 1), '')"


def bindings(mapping: Mapping) -> dict[str, object]:
    """The values that :func:`query` binds, apart from those of the relation.

    >>> bindings(Mapping(missing=("无记录",)))["missing"][-1]
    '无记录'
    """
    known = words()
    values: dict[str, object] = {
        "blanks": " \t\r\n\u3000\u00a0\ufeff",
        "missing": [word.lower() for word in (*known["missing"], *mapping.missing)],
        "yes": known["flags"]["1"],
        "no": known["flags"]["0"],
        "date_format": mapping.date_format,
    }
    return values | {f"sign{at}": sign for at, sign in enumerate(mapping.currency_sign)}


def literal(text: str) -> str:
    """An SQL text literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def quote(name: str) -> str:
    """An SQL identifier.

    >>> quote('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


@cache
def words() -> MappingType[str, Any]:
    """The recognised headers and words (``aliases.yaml``)."""
    import yaml

    text = resources.files("workbench.data").joinpath("aliases.yaml").read_text("utf-8")
    found: MappingType[str, Any] = yaml.safe_load(text)
    return found
