"""SQL that reads a source column as text, number or time, and keeps what could not be read."""

import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from workbench.data.mapping import Mapping
from workbench.schema.table import Kind

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
FIRST_DAY, LAST_DAY = "TIMESTAMP '1990-01-01'", "TIMESTAMP '2100-12-31'"
MOST = "1e15"
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_OFFSET = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)$"
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
    each a hash of several source columns. Binds what :func:`bindings` gives. Built in layers, each
    naming what the next one uses: t the source's text, o the offset of a time, b the bare text,
    v the value.
    """
    layers: list[list[str]] = [[], [], [], [], []]
    for at, want in enumerate(wants):
        type_ = types[want.source]
        t, o, b, v = (f"{letter}{at}" for letter in "tobv")
        layers[0].append(f"{_raw(want, type_, mapping)} AS {t}")
        if want.as_ == "text":
            for layer in layers[1:4]:
                layer.append(t)
            layers[4].append(f"{t} AS {quote(want.name)}")
            continue
        layers[1] += [t, f"{_offset(want, type_, t)} AS {o}"]
        layers[2] += [t, o, f"{_bare(want, type_, t, o, mapping)} AS {b}"]
        layers[3] += [t, o, f"{_value(want, type_, t, b, mapping)} AS {v}"]
        layers[4].append(f"{_within(want, v, mapping)} AS {quote(want.name)}")
        unread = (
            f"{_within(want, v, mapping)} IS NULL AND NOT regexp_full_match({t}::VARCHAR, $missing)"
        )
        layers[4].append(f"CASE WHEN {unread} THEN {t}::VARCHAR END AS {quote(want.name + '?bad')}")
        if want.as_ in ("time", "day"):
            layers[4].append(f"{o} AS {quote(want.name + '?offset')}")
    for name, columns in hashes.items():
        layers[0].append(f"hash({', '.join(quote(column) for column in columns)}) AS {quote(name)}")
        for layer in layers[1:]:
            layer.append(quote(name))
    text = relation
    for layer in layers:
        text = f"(SELECT {', '.join(layer)} FROM {text})"
    return text[1:-1]


def _is_numeric(type_: str) -> bool:
    return type_.removeprefix("U").split("(")[0] in _NUMERIC


ZONED = ("TIMESTAMP WITH", "TIMESTAMPTZ")
"""How DuckDB names times with a zone; TIMESTAMPTZ_NS converts to few other types."""


def _is_time(type_: str) -> bool:
    return type_.startswith(("TIMESTAMP", "DATE"))


def _is_typed(want: Want, type_: str) -> bool:
    """Whether the source column already has the type that is wanted."""
    return _is_time(type_) if want.as_ in ("time", "day") else _is_numeric(type_)


def _raw(want: Want, type_: str, mapping: Mapping) -> str:
    """The source column: as it is where its type already fits, else as text without blanks."""
    column = quote(want.source)
    if want.as_ != "text" and _is_typed(want, type_):
        return column if _is_time(type_) else f"nullif(CAST({column} AS DOUBLE), 'nan'::DOUBLE)"
    text = f"CAST({column} AS VARCHAR)" if type_ != "VARCHAR" else column
    if type_ in ("DOUBLE", "FLOAT"):
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        text = f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE {text} END"
        text = f"nullif({text}, 'nan')"
    text = f"nullif(trim({text}, $blanks), '')"
    if want.as_ != "text" and mapping.missing:
        return f"CASE WHEN NOT regexp_full_match({text}, $missing) THEN {text} END"
    return text


def _offset(want: Want, type_: str, t: str) -> str:
    """The UTC offset a time carries, as text; NULL where it has none."""
    if want.as_ not in ("time", "day"):
        return "NULL"
    if type_.startswith(ZONED):
        return f"CASE WHEN {t} IS NOT NULL THEN '+00:00' END"
    if _is_time(type_):
        return "CAST(NULL AS VARCHAR)"
    # The regular expression is slow: only where the text can hold an offset.
    may = (
        f"contains({t}, '+') OR contains(substr({t}, 12), '-') OR right({t}, 1) IN ('Z', 'z', 'C')"
    )
    return f"CASE WHEN {may} THEN nullif(regexp_extract({t}, {literal(_OFFSET)}, 1), '') END"


def _bare(want: Want, type_: str, t: str, o: str, mapping: Mapping) -> str:
    """The text without what the mapping says to take off: offset, currency sign, separators."""
    if _is_typed(want, type_):
        return t
    if want.as_ in ("time", "day"):
        return (
            f"CASE WHEN {o} IS NULL THEN {t} ELSE rtrim(left({t}, length({t}) - length({o}))) END"
        )
    bare = t
    for at in range(len(mapping.currency_sign)):
        bare = f"trim(replace({bare}, $sign{at}, ''))"
    if mapping.thousands:
        comma, point = re.escape(mapping.thousands), re.escape(mapping.decimal)
        grouped = literal(rf"[+-]?\d{{1,3}}({comma}\d{{3}})+({point}\d*)?")
        without = f"replace({bare}, {literal(mapping.thousands)}, '')"
        bare = f"CASE WHEN regexp_full_match({bare}, {grouped}) THEN {without} ELSE {bare} END"
    if mapping.decimal == ",":
        bare = f"CASE WHEN NOT contains({bare}, '.') THEN replace({bare}, ',', '.') END"
    return bare


def _value(want: Want, type_: str, t: str, b: str, mapping: Mapping) -> str:
    if want.as_ in ("time", "day"):
        return _time(type_, b, mapping)
    if _is_typed(want, type_):
        return b
    number = (
        f"CASE WHEN regexp_full_match({b}, {literal(_NUMBER)}) THEN TRY_CAST({b} AS DOUBLE) END"
    )
    if want.as_ == "share":
        percent = f"regexp_full_match({t}, {literal(_NUMBER + '%')})"
        part = f"TRY_CAST(left({t}, length({t}) - 1) AS DOUBLE) / 100"
        return f"CASE WHEN {percent} THEN {part} ELSE {number} END"
    if want.as_ == "flag":
        return (
            f"CASE WHEN regexp_full_match({t}, $yes) THEN 1.0 "
            f"WHEN regexp_full_match({t}, $no) THEN 0.0 ELSE {number} END"
        )
    return number


def _time(type_: str, b: str, mapping: Mapping) -> str:
    if type_.startswith(ZONED):
        return f"make_timestamp(epoch_us(CAST({b} AS TIMESTAMPTZ)))"
    if _is_time(type_):
        return f"CAST({b} AS TIMESTAMP)"
    # Year first, then a dash or a slash: what the cast reads; two-digit years are not guessed.
    iso = f"substr({b}, 5, 1) IN ('-', '/')"
    if mapping.date_format:
        own = f"try_strptime({b}, $date_format)"
        if mapping.date_format.startswith("%Y"):
            return own
        # A day or month first is never taken for a year: both can be told apart.
        return f"COALESCE({own}, CASE WHEN {iso} THEN TRY_CAST({b} AS TIMESTAMP) END)"
    formats = ", ".join(literal(form) for form in FORMATS)
    return (
        f"CASE WHEN {iso} THEN TRY_CAST({b} AS TIMESTAMP) ELSE try_strptime({b}, [{formats}]) END"
    )


def _within(want: Want, v: str, mapping: Mapping) -> str:
    """The value in the shop's unit, NULL where it is out of any sensible range."""
    if want.as_ in ("time", "day"):
        return f"CASE WHEN {v} BETWEEN {FIRST_DAY} AND {LAST_DAY} THEN {v} END"
    scale = mapping.scale if want.money else 1.0
    if {want.name, want.source} & set(mapping.negate):
        scale = -scale
    scaled = v if scale == 1.0 else f"{v} * {scale!r}"
    return f"CASE WHEN abs({v}) < {MOST} THEN {scaled} END"


def bindings(mapping: Mapping) -> dict[str, object]:
    """The values that :func:`query` binds, apart from those of the relation.

    Lists of words are bound as regular expressions: a list would become a join, and rows would
    lose their order.

    >>> bindings(Mapping(missing=("无记录",)))["missing"].endswith("|无记录)")
    True
    """
    known = words()
    values: dict[str, object] = {
        "blanks": " \t\r\n\u3000\u00a0\ufeff",
        "missing": _any_of([*known["missing"], *mapping.missing]),
        "yes": _any_of(known["flags"]["1"]),
        "no": _any_of(known["flags"]["0"]),
        "date_format": mapping.date_format,
    }
    return values | {f"sign{at}": sign for at, sign in enumerate(mapping.currency_sign)}


def _any_of(known: list[str]) -> str:
    return "(?i)(" + "|".join(re.escape(word) for word in known) + ")"


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
