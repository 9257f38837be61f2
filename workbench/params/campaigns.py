"""Campaigns as a parameter: a list of mappings of plain values."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator

from workbench.params.kinds import refuse, shown


def as_campaigns(value: object) -> tuple[dict[str, Any], ...]:
    """A list of campaigns, each a mapping with ``kind`` and its fields; days become text.

    A text is read as YAML, so that campaigns can be given on a command line. What the fields may
    be is said in ``campaign/files.py``, where they are read.

    >>> as_campaigns("[{kind: group_buy, start: 2026-11-01}]")
    ({'kind': 'group_buy', 'start': '2026-11-01'},)
    """
    if isinstance(value, str):
        try:
            value = yaml.safe_load(value) or []
        except yaml.YAMLError:
            refuse("not_campaigns", value=shown(value))
    if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
        refuse("not_campaigns", value=shown(value))
    return tuple({str(name): _plain(one) for name, one in item.items()} for item in value)


def _plain(value: Any) -> Any:
    """Days as text, tuples as lists."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


Campaigns = Annotated[tuple[dict[str, Any], ...], BeforeValidator(as_campaigns)]
