"""The mapping file: how the source's columns, words and numbers are to be read.

A mapping is a YAML file; every key is optional::

    table: orders                      # or daily, …; told from the columns otherwise
    sheet: 订单明细                     # Excel: which sheet
    header_row: 1                      # the row that holds the column names
    encoding: gb18030                  # CSV: told from the bytes otherwise
    delimiter: ","
    columns:                           # the source's name: the schema's name
      订单编号: order_id
      付款时间: pay_time
      实付金额(元): paid_amount
    compute:                           # a column as the product of others
      paid_amount: {multiply: [quantity, unit_price]}
    constants: {channel: 线上商城}      # a column the source does not have
    values:                            # the source's words: the schema's words, or your own groups
      status: {已发货: shipped, 交易成功: completed}
      region: {United Kingdom: UK, "*": abroad}
    date_format: "%d/%m/%Y %H:%M"      # where dates are not written year first; such are read too
    timezone: Asia/Shanghai            # the shop's zone, where times carry an offset
    thousands: ","                     # accept 1,234.50
    decimal: "."
    currency_sign: "¥"                 # accept ¥12
    amount_unit: yuan                  # or fen, thousand, ten_thousand (元, 分, 千元, 万元)
    negate: [refund_amount]            # numbers written with the opposite sign
    missing: ["无记录"]                 # further words for "no value" in dates and numbers
    ignore: [买家留言]                  # columns known not to be needed
    known_ahead: [school_holiday]      # daily sales: further numbers known in advance
    lookup:                            # columns from a file beside the source
      - {file: stores.csv, on: store, columns: [store_type]}
      - {file: staff.csv, on: {salesperson: 姓名}, columns: {所属团队: team}}
    duplicates: keep                   # identical lines of one file without a line_id: keep or drop
    missing_days: auto                 # daily sales, a day without a row: unknown, zero, or auto
                                       # (zero, but unknown where there is an open column)

    targets: {columns: {quota: target}}    # the same keys, for the file of targets
    known: {columns: {促销日: promo}}        # and for the file of what is known ahead

All of it is read as text: ``00123``, ``NO`` and ``12:30`` stay what they look like.
"""

from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from workbench.data.near import nearest
from workbench.errors import DataError, Problem
from workbench.schema.tables import TABLES

AMOUNT_UNITS: MappingType[str, float] = {
    "yuan": 1.0,
    "whole": 1.0,
    "元": 1.0,
    "fen": 0.01,
    "cent": 0.01,
    "分": 0.01,
    "thousand": 1e3,
    "千元": 1e3,
    "ten_thousand": 1e4,
    "万元": 1e4,
    "万": 1e4,
}
OPTIONS: MappingType[str, tuple[str, ...]] = {
    "table": tuple(TABLES),
    "amount_unit": tuple(AMOUNT_UNITS),
    "duplicates": ("keep", "drop"),
    "missing_days": ("auto", "unknown", "zero"),
}


@dataclass(frozen=True)
class Lookup:
    """Columns to take from another file by a key, as a team by its salesperson.

    ``on`` is the key's column here, ``key`` its column in the other file.
    """

    file: str
    on: str
    key: str
    columns: MappingType[str, str]


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says; see the module for each key.

    >>> Mapping(amount_unit="fen").scale
    0.01
    """

    table: str = ""
    sheet: str = ""
    header_row: int = 1
    encoding: str = ""
    delimiter: str = ""
    columns: MappingType[str, str] = field(default_factory=dict)
    compute: MappingType[str, tuple[str, ...]] = field(default_factory=dict)
    constants: MappingType[str, str] = field(default_factory=dict)
    values: MappingType[str, MappingType[str, str]] = field(default_factory=dict)
    date_format: str = ""
    timezone: str = ""
    thousands: str = ""
    decimal: str = "."
    currency_sign: tuple[str, ...] = ()
    amount_unit: str = "yuan"
    negate: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    known_ahead: tuple[str, ...] = ()
    lookup: tuple[Lookup, ...] = ()
    duplicates: str = "keep"
    missing_days: str = "auto"
    targets: "Mapping | None" = None
    known: "Mapping | None" = None

    @property
    def scale(self) -> float:
        """What an amount of the source is multiplied by to be in whole money."""
        return AMOUNT_UNITS[self.amount_unit]


NAMES = tuple(item.name for item in fields(Mapping))
_LISTS = ("currency_sign", "negate", "missing", "ignore", "known_ahead")
_PAIRS = ("columns", "constants")


def read_mapping(path: str | Path) -> Mapping:
    """Read a mapping file; an empty path is the empty mapping.

    Raises:
        DataError: the file is missing or not YAML, or holds an unknown key or value; all at once.

    >>> read_mapping("").columns
    {}
    """
    if not str(path):
        return Mapping()
    file = Path(path)
    if not file.is_file():
        raise DataError(Problem("data.mapping_missing", {"path": str(file)}))
    try:
        content = _load(file.read_text("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as reason:
        facts = {"path": str(file), "reason": " ".join(str(reason).split())}
        raise DataError(Problem("data.mapping_unreadable", facts)) from reason
    if content is None:
        return Mapping()
    return mapping_of(content, path=str(file))


def mapping_of(content: Any, *, path: str = "mapping") -> Mapping:
    """A mapping from the content of its file.

    >>> mapping_of({"columns": {"订单编号": "order_id"}, "amount_unit": "分"}).scale
    0.01
    """
    if not isinstance(content, dict):
        facts = {"path": path, "reason": "not a list of `key: value` lines"}
        raise DataError(Problem("data.mapping_unreadable", facts))
    problems: list[Problem] = []
    given: dict[str, Any] = {}
    for name, value in content.items():
        if name not in NAMES:
            facts = {"path": path, "key": str(name), "near": nearest(str(name), NAMES) or "–"}
            problems.append(
                Problem("data.mapping_unknown_key", {**facts, "known": ", ".join(NAMES)})
            )
            continue
        try:
            given[name] = _value(name, value, path)
        except DataError as failed:
            problems += failed.problems
        except (ValueError, TypeError, KeyError, AttributeError):
            facts = {"path": path, "key": name, "value": str(value), "allowed": _form(name)}
            problems.append(Problem("data.mapping_wrong_value", facts))
    if problems:
        raise DataError(*problems)
    return Mapping(**given)


def _form(name: str) -> str:
    forms = {
        "header_row": "1, 2, …",
        "columns": "{source: schema}",
        "constants": "{schema: value}",
        "compute": "{schema: {multiply: [a, b]}}",
        "values": "{column: {source word: schema word}}",
        "lookup": "[{file: …, on: …, columns: […]}]",
        "decimal": ". ,",
    }
    if name in OPTIONS:
        return ", ".join(OPTIONS[name])
    return forms.get(name, "[…]" if name in _LISTS else "text")


def _value(name: str, value: Any, path: str) -> Any:
    """The value of one key in its own type; ValueError or TypeError where it has the wrong form."""
    if name in _LISTS:
        return _texts(value)
    if name in _PAIRS:
        return _pairs(value)
    if name == "values":
        return {str(column): _pairs(words) for column, words in value.items()}
    if name == "compute":
        return {str(column): _factors(rule) for column, rule in value.items()}
    if name in ("targets", "known"):
        return mapping_of(value, path=f"{path}: {name}")
    if name == "lookup":
        return tuple(_lookup(item) for item in ([value] if isinstance(value, dict) else value))
    if isinstance(value, dict | list):
        raise ValueError(name)
    if name == "header_row":
        if int(value) < 1:
            raise ValueError(name)
        return int(value)
    text = str(value)
    if text not in OPTIONS.get(name, (text,)) or (name == "decimal" and text not in (".", ",")):
        raise ValueError(name)
    return text


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        raise TypeError
    items: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    return tuple(str(item) for item in items)


def _pairs(value: Any) -> dict[str, str]:
    if any(isinstance(item, dict | list) for item in value.values()):
        raise TypeError
    return {str(left): str(right) for left, right in value.items()}


def _factors(rule: Any) -> tuple[str, ...]:
    if set(rule) != {"multiply"} or not isinstance(rule["multiply"], list):
        raise ValueError
    return _texts(rule["multiply"])


def _lookup(item: Any) -> Lookup:
    if set(item) != {"file", "on", "columns"}:
        raise ValueError
    columns = item["columns"]
    pairs = _pairs(columns) if isinstance(columns, dict) else {c: c for c in _texts(columns)}
    on = _pairs(item["on"]) if isinstance(item["on"], dict) else {str(item["on"]): str(item["on"])}
    ((here, there),) = on.items()
    return Lookup(str(item["file"]), here, there, pairs)


class _AsWritten(yaml.SafeLoader):
    """The safe loader without its guesses: every word and number stays the text it was."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 — the loader's own protocol

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        twice = sorted({str(name) for name in names if names.count(name) > 1})
        if twice:
            raise yaml.YAMLError(f"written twice: {', '.join(twice)}")
        return super().construct_mapping(node, deep)


def _load(text: str) -> Any:
    loader = _AsWritten(text)
    try:
        content = loader.get_single_data()
    finally:
        loader.dispose()
    return None if content == "" else content
