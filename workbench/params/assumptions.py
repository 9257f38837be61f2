"""Adjustments as they are written in a parameter file: checked, and as plain values."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator

from workbench.params.kinds import as_number, as_text, as_texts, nearest, refuse, shown

NUMBERS = ("low", "mid", "high")
NAMES = ("label", "units", *NUMBERS, "kind", "start", "end")
KINDS = ("relative", "amount")


def as_adjustments(value: object) -> tuple[dict[str, Any], ...]:
    """A list of adjustments, each with label, low, mid, high; units, kind, start and end at will.

    A text is read as YAML, so that one can be given on a command line:
    ``[{label: launch, mid: 0.05, low: 0, high: 0.1}]``.
    """
    if isinstance(value, str):
        value = _from_text(value)
    if not isinstance(value, list | tuple):
        refuse("not_adjustments", value=shown(value))
    return tuple(_one(item) for item in value)


def _from_text(text: str) -> object:
    if not text.strip():
        return []
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        refuse("not_adjustments", value=shown(text))


def _one(item: object) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        refuse("not_adjustments", value=shown(item))
    for name in item:
        if name not in NAMES:
            near = nearest(str(name), NAMES) or ", ".join(NAMES)
            refuse("adjustment_key", value=shown(name), nearest=near)
    absent = [name for name in ("label", *NUMBERS) if item.get(name) in (None, "")]
    if absent:
        refuse("adjustment_lacks", value=shown(item.get("label", "")), absent=", ".join(absent))
    kind = as_text(item.get("kind") or KINDS[0])
    if kind not in KINDS:
        refuse("adjustment_kind", value=shown(kind), kinds=" | ".join(KINDS))
    read: dict[str, Any] = {"label": as_text(item["label"])}
    if item.get("units"):
        read["units"] = list(as_texts(item["units"]))
    read |= {name: as_number(item[name]) for name in NUMBERS}
    read["kind"] = kind
    return read | {name: _day(item[name]) for name in ("start", "end") if item.get(name)}


def _day(value: object) -> str:
    """A date as text; YAML has read an unquoted one already."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    try:
        return datetime.date.fromisoformat(as_text(value)).isoformat()
    except ValueError:
        refuse("not_date", value=shown(value))


Adjustments = Annotated[tuple[dict[str, Any], ...], BeforeValidator(as_adjustments)]
