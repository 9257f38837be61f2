"""The input tables, as ``tables.yaml`` says them column by column."""

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import yaml

from workbench.schema.table import Column, Table, column

COUNTED = {"money": "money", "share": "share"}
"""Kind → what it is counted in, where the file says nothing."""


def _columns(given: Mapping[str, Any], keys: Mapping[str, Any]) -> Iterator[Column]:
    """The columns of a table; ``keys`` among them stands for the key columns it has."""
    for name, said in given.items():
        if name == "keys":
            yield from _columns({key: keys[key] for key in (keys if said == "all" else said)}, {})
            continue
        more = {"unit": COUNTED.get(said["kind"], ""), **said}
        more["allowed"] = tuple(more.get("allowed", ()))
        yield column(name, **more)


_SAID = yaml.safe_load(
    resources.files("workbench").joinpath("schema/tables.yaml").read_text("utf-8")
)
_KEYS: Mapping[str, Any] = _SAID.pop("keys")
KEYS: tuple[str, ...] = tuple(_KEYS)
"""Columns that say what a row is about: each may name units."""

TABLES: Mapping[str, Table] = {
    name: Table(
        name,
        said["means"],
        tuple(_columns(said["columns"], _KEYS)),
        tuple(map(tuple, said.get("any_of", ()))),
    )
    for name, said in _SAID.items()
}
ORDERS, DAILY, TARGETS, CAMPAIGNS, MEMBERS, STAFF = TABLES.values()
