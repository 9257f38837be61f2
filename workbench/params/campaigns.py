"""Campaigns as a parameter: a list of mappings of plain values; groups of their names."""

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


def as_groups(value: object) -> bool | tuple[tuple[str, ...], ...]:
    """Groups of names of which one may run at a time: a list of lists, one list, or ``all``.

    A text is read as YAML. True stands for all of them; nothing given, for none.

    >>> as_groups([["拼团", "秒杀"], ["a", "b"]]), as_groups("[a, b]"), as_groups("all")
    ((('拼团', '秒杀'), ('a', 'b')), (('a', 'b'),), True)
    """
    if isinstance(value, str):
        try:
            value = yaml.safe_load(value) or []
        except yaml.YAMLError:
            refuse("not_groups", value=shown(value))
    if value == "all" or isinstance(value, bool):
        return bool(value)
    if isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        value = [value]
    if not isinstance(value, list | tuple) or not all(_names(one) for one in value):
        refuse("not_groups", value=shown(value))
    return tuple(tuple(name.strip() for name in group) for group in value)


def _names(group: object) -> bool:
    """Whether it is a list of at least two texts."""
    if not isinstance(group, list | tuple) or len(group) < 2:
        return False
    return all(isinstance(one, str) for one in group)


Groups = Annotated[bool | tuple[tuple[str, ...], ...], BeforeValidator(as_groups)]
Campaigns = Annotated[tuple[dict[str, Any], ...], BeforeValidator(as_campaigns)]
