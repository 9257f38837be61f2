"""Whether a table keeps to its definition; pandera builds the checks when called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.errors import Problem
from workbench.schema.table import DATES, NUMBERS, Column, Kind, Table

if TYPE_CHECKING:
    import pandas as pd


def rows_text(rows: list[int], *, most: int = 5) -> str:
    """The first few row numbers, for a message.

    >>> rows_text([3, 8, 9], most=2)
    '3, 8, …'
    """
    shown = ", ".join(str(row) for row in rows[:most])
    return f"{shown}, …" if len(rows) > most else shown


def validate(frame: pd.DataFrame, table: Table) -> tuple[Problem, ...]:
    """Every way in which ``frame`` breaks the definition of ``table``; empty when it holds.

    Columns that ``table`` does not define are left alone. Rows are numbered from 1.

    >>> import pandas as pd
    >>> from workbench.schema.tables import STAFF
    >>> frame = pd.DataFrame({"salesperson": ["Li", None], "capacity": [1.0, -2.0]})
    >>> [problem.code for problem in validate(frame, STAFF)]
    ['schema.empty_value', 'schema.out_of_range']
    """
    missing = [
        Problem("schema.missing_column", {"table": table.name, "column": name})
        for name in table.required
        if name not in frame.columns
    ]
    missing += [
        Problem("schema.missing_choice", {"table": table.name, "columns": ", ".join(group)})
        for group in table.any_of
        if not set(group) & set(frame.columns)
    ]
    twice = [str(name) for name in frame.columns[frame.columns.duplicated()].unique()]
    if twice:
        facts = {"table": table.name, "columns": ", ".join(twice)}
        return (*missing, Problem("schema.duplicate_column", facts))
    return (*missing, *_wrong_types(frame, table), *_broken_checks(frame, table))


def _right_type(series: pd.Series, kind: Kind) -> bool:
    import pandas as pd

    if kind in NUMBERS:
        return pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    if kind in DATES:
        return pd.api.types.is_datetime64_dtype(series)
    return not pd.api.types.is_numeric_dtype(series)


def _wrong_types(frame: pd.DataFrame, table: Table) -> list[Problem]:
    return [
        Problem(
            "schema.wrong_type",
            {
                "table": table.name,
                "column": column.name,
                "kind": column.kind,
                "found": str(frame[column.name].dtype),
            },
        )
        for column in table
        if column.name in frame.columns and not _right_type(frame[column.name], column.kind)
    ]


def _broken_checks(frame: pd.DataFrame, table: Table) -> list[Problem]:
    import pandera.pandas as pa

    columns = {
        column.name: pa.Column(
            nullable=not column.filled, checks=_checks(column), required=False, coerce=False
        )
        for column in table
        if column.name in frame.columns and _right_type(frame[column.name], column.kind)
    }
    try:
        pa.DataFrameSchema(columns).validate(frame.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as failed:
        return _as_problems(failed.failure_cases, table)
    return []


def _checks(column: Column) -> list[Any]:
    import pandera.pandas as pa

    checks: list[Any] = []
    if column.allowed:
        words = list(column.allowed)
        checks.append(pa.Check(lambda values: values.isin(words), name="not_allowed"))
    if column.least is not None:
        least = column.least
        checks.append(pa.Check(lambda values: values >= least, name="out_of_range"))
    if column.kind == "integer":
        checks.append(pa.Check(lambda values: values % 1 == 0, name="not_whole"))
    return checks


def _as_problems(cases: pd.DataFrame, table: Table) -> list[Problem]:
    problems = []
    for (name, check), found in cases.groupby(["column", "check"], sort=False):
        column = table[str(name)]
        code = "empty_value" if check == "not_nullable" else str(check)
        values = list(dict.fromkeys(str(value) for value in found["failure_case"]))
        facts = {
            "table": table.name,
            "column": column.name,
            "count": len(found),
            "rows": rows_text([int(row) + 1 for row in found["index"]]),
            "values": ", ".join(values[:5]) + (", …" if len(values) > 5 else ""),
            "allowed": ", ".join(column.allowed),
            "least": f"{column.least:g}" if column.least is not None else "",
        }
        problems.append(Problem(f"schema.{code}", facts))
    return problems
