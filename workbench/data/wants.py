"""Which columns of a source are read, and what cannot be meant by the mapping."""

from collections.abc import Iterator, Sequence

from workbench.data.columns import Matched, find_header
from workbench.data.mapping import Mapping
from workbench.data.near import nearest
from workbench.data.sql import Want, read_as
from workbench.errors import Problem
from workbench.schema.table import Table


def wanted_columns(
    headers: tuple[str, ...],
    table: Table,
    mapping: Mapping,
    matched: Matched,
    also: Sequence[str],
    without: Sequence[str],
) -> tuple[tuple[Want, ...], list[Problem]]:
    """Every column to read: what the schema knows, and what is asked for besides."""
    problems = list(matched.problems)
    wants = {
        name: Want(name, source, read_as(table[name].kind), table[name].kind == "money")
        for name, source in matched.columns.items()
        if name not in mapping.compute
        and (name not in without or {name, source} & {*also, *_named(mapping)})
    }
    numbers = [*mapping.known_ahead, *(f for factors in mapping.compute.values() for f in factors)]
    texts = [*also, *(lookup.on for lookup in mapping.lookup)]
    for names, way in ((numbers, "number"), (texts, "text")):
        for name in names:
            if name in wants or name in matched.columns.values() or name in mapping.constants:
                continue
            header = find_header(name, headers)
            if header:
                wants[name] = Want(name, header, "number" if way == "number" else "text")
            elif way == "number" or name not in (*also, *looked_up(mapping)):
                problems.append(missing_name(name, headers))
    problems += _wrong_names(headers, table, mapping, matched)
    return tuple(wants.values()), problems


def _wrong_names(
    headers: tuple[str, ...], table: Table, mapping: Mapping, matched: Matched
) -> list[Problem]:
    """Columns that constants, compute and values name and that cannot be meant."""
    problems = []
    for name in (*mapping.constants, *mapping.compute, *mapping.values):
        given = name in mapping.values and (
            find_header(name, headers) or name in looked_up(mapping)
        )
        if name not in table and not given:
            near = nearest(name, table.names) or "–"
            facts = {"column": name, "source": "–", "table": table.name, "near": near}
            facts["known"] = ", ".join(table.names)
            problems.append(Problem("data.mapped_to_unknown", facts))
    for name, value in mapping.constants.items():
        if name in matched.columns:
            facts = {"column": name, "headers": f"{matched.columns[name]}, constants: {name}"}
            problems.append(Problem("data.ambiguous_columns", facts))
        if name in table and not _fits(value, read_as(table[name].kind)):
            facts = {"path": "–", "key": "constants", "value": f"{name}: {value}"}
            problems.append(Problem("data.mapping_wrong_value", {**facts, "allowed": "1, 2.5"}))
    return problems


def _fits(value: str, way: str) -> bool:
    """Whether a constant can stand in a column that is read this way."""
    if way == "text":
        return True
    try:
        float(value)
    except ValueError:
        return False
    return way not in ("time", "day")


def missing_name(name: str, headers: Sequence[str]) -> Problem:
    """The problem of a column that is asked for by name and is not there."""
    facts = {
        "column": name,
        "near": nearest(name, headers) or "–",
        "headers": ", ".join(headers),
    }
    return Problem("data.mapped_column_missing", facts)


def _named(mapping: Mapping) -> Iterator[str]:
    """The columns that products and lookups of the mapping need."""
    for factors in mapping.compute.values():
        yield from factors
    yield from (lookup.on for lookup in mapping.lookup)


def looked_up(mapping: Mapping) -> Iterator[str]:
    """The columns that lookups bring."""
    for lookup in mapping.lookup:
        yield from lookup.columns.values()
