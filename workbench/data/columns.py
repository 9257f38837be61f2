"""Which source column is which schema column: by the mapping, by name, by a usual header."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from workbench.data.mapping import Mapping
from workbench.data.near import nearest, plain
from workbench.data.sql import words
from workbench.errors import Problem
from workbench.schema.table import Table
from workbench.schema.tables import DAILY, ORDERS


@dataclass(frozen=True)
class Matched:
    """``columns`` maps schema names to source headers; ``unmapped`` headers are left unread."""

    columns: MappingType[str, str]
    unmapped: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def has(self, name: str) -> bool:
        """Whether the source holds this schema column."""
        return name in self.columns


def match_columns(headers: tuple[str, ...], table: Table, mapping: Mapping) -> Matched:
    """Match headers to the columns of ``table``.

    The mapping decides first, then the schema's own names, then the usual headers of
    ``aliases.yaml``. Nothing is guessed: two headers for one column are a problem, a header that
    matches nothing is listed.

    >>> match_columns(("订单号", "实付金额(元)", "备注"), ORDERS, Mapping()).columns
    {'order_id': '订单号', 'paid_amount': '实付金额(元)'}
    """
    found, problems = _mapped(headers, table, mapping)
    left = [header for header in headers if header not in found.values()]
    for header in list(left):
        name = plain(header)
        if name in table and name not in found:
            found[name] = header
            left.remove(header)
    aliases = {plain(alias): name for name, known in words()[table.name].items() for alias in known}
    usual: dict[str, list[str]] = {}
    for header in left:
        name = aliases.get(plain(header), "")
        if name and name not in found and header not in mapping.ignore:
            usual.setdefault(name, []).append(header)
    for name, candidates in usual.items():
        if len(candidates) > 1:
            facts = {"column": name, "headers": ", ".join(candidates)}
            problems.append(Problem("data.ambiguous_columns", facts))
        found[name] = candidates[0]
    used = {*found.values(), *mapping.ignore}
    unmapped = tuple(header for header in headers if header not in used)
    order = [name for name in table.names if name in found]
    columns = {name: found[name] for name in order}
    return Matched(columns, unmapped, tuple(problems))


def _mapped(
    headers: tuple[str, ...], table: Table, mapping: Mapping
) -> tuple[dict[str, str], list[Problem]]:
    found: dict[str, str] = {}
    problems = []
    for source, name in mapping.columns.items():
        header = find_header(source, headers)
        if not header:
            near = nearest(source, headers) or "–"
            facts = {"column": source, "near": near, "headers": ", ".join(headers)}
            problems.append(Problem("data.mapped_column_missing", facts))
        if name not in table:
            near = nearest(name, table.names) or "–"
            facts = {"column": name, "source": source, "table": table.name, "near": near}
            facts["known"] = ", ".join(table.names)
            problems.append(Problem("data.mapped_to_unknown", facts))
        elif name in found:
            facts = {"column": name, "headers": f"{found[name]}, {source}"}
            problems.append(Problem("data.ambiguous_columns", facts))
        elif header:
            found[name] = header
    return found, problems


def find_header(name: str, headers: tuple[str, ...]) -> str:
    """The header of this name, exactly or up to case and blanks; "" when there is none.

    >>> find_header("Order ID", ("order_id", "qty"))
    'order_id'
    """
    if name in headers:
        return name
    alike = [header for header in headers if plain(header) == plain(name)]
    return alike[0] if len(alike) == 1 else ""


def missing_columns(matched: Matched, table: Table, given: tuple[str, ...]) -> list[Problem]:
    """The problems of columns that ``table`` needs and neither the source nor ``given`` has."""
    problems = []
    there = {*matched.columns, *given}
    for names in (*((name,) for name in table.required), *table.any_of):
        if there & set(names):
            continue
        aliases = [alias for name in names for alias in words()[table.name].get(name, ())]
        near = [nearest(word, matched.unmapped) for word in (*names, *aliases)]
        facts = {
            "table": table.name,
            "column": " / ".join(names),
            "near": next((header for header in near if header), "–"),
            "headers": ", ".join(matched.unmapped) or "–",
            "usual": ", ".join(dict.fromkeys((*names, *aliases[:4]))),
        }
        problems.append(Problem("data.missing_column", facts))
    return problems


def sales_table(headers: tuple[str, ...], mapping: Mapping) -> Table | None:
    """Order lines or daily sales, told from the columns; None when they are neither.

    >>> sales_table(("date", "store", "sales"), Mapping()).name
    'daily'
    >>> sales_table(("订单号", "付款时间", "实付"), Mapping()).name
    'orders'
    """
    if mapping.table:
        return {"orders": ORDERS, "daily": DAILY}.get(mapping.table)
    targets = set(mapping.columns.values()) | set(mapping.compute)
    orders = {*match_columns(headers, ORDERS, Mapping(ignore=mapping.ignore)).columns, *targets}
    if {"order_id", "pay_time", "paid_amount", "line_id"} & orders:
        return ORDERS
    daily = {*match_columns(headers, DAILY, Mapping(ignore=mapping.ignore)).columns, *targets}
    if "date" in daily or {"sales", "net_sales", "gmv", "units"} & daily:
        return DAILY
    return ORDERS if "order_time" in orders else None
