"""What an input table is: columns with their name, kind, unit and meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from workbench.errors import Language

Kind = Literal[
    "text", "integer", "money", "quantity", "date", "datetime", "share", "flag", "category"
]
NUMBERS: tuple[Kind, ...] = ("integer", "money", "quantity", "share", "flag")
DATES: tuple[Kind, ...] = ("date", "datetime")


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` says how it is read, ``unit`` what it is counted in.

    ``required`` columns must be in the table, ``filled`` ones need a value in every row;
    ``allowed`` lists the only words a category may hold, ``least`` the lowest number.

    >>> from workbench.schema.tables import ORDERS
    >>> ORDERS["paid_amount"].meaning["en"]
    'money the customer paid for the line'
    """

    name: str
    kind: Kind
    meaning: Mapping[Language, str]
    required: bool = False
    filled: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    least: float | None = None


@dataclass(frozen=True)
class Table:
    """One input table; ``any_of`` names groups of columns of which at least one must be there.

    >>> from workbench.schema.tables import ORDERS
    >>> ORDERS.required
    ('order_id', 'paid_amount')
    >>> "pay_time" in ORDERS
    True
    """

    name: str
    meaning: Mapping[Language, str]
    columns: tuple[Column, ...]
    any_of: tuple[tuple[str, ...], ...] = field(default=())

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column's name, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)


def column(
    name: str,
    kind: Kind,
    en: str,
    zh: str,
    *,
    required: bool = False,
    filled: bool = False,
    unit: str = "",
    allowed: tuple[str, ...] = (),
    least: float | None = None,
) -> Column:
    """A column with its meaning in both languages.

    >>> column("price", "money", "price", "价格", unit="money").meaning["zh"]
    '价格'
    """
    return Column(name, kind, {"en": en, "zh": zh}, required, filled, unit, allowed, least)
