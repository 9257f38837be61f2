"""Campaigns as a parameter file holds them: one mapping each, with its kind and its fields by name.

campaigns:
  - kind: group_buy
    name: 双11拼团
    start: 2026-11-01
    end: 2026-11-11
    price: 100
    discount: 0.2
    visits: [1500, 2000, 3000]
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from workbench.campaign.base import Campaign
from workbench.campaign.distribution import Distribution
from workbench.campaign.inputs import Given
from workbench.errors import CampaignError, Problem
from workbench.params.kinds import nearest, shown

KINDS = {
    "group_buy": "group_buy.GroupBuy",
    "drive": "drive.DistributionDrive",
    "ads": "follower_ads.FollowerAds",
    "discount": "discount.Discount",
}
"""Kind → module and class."""
WORDS = {
    float: {"en": "a number", "zh": "数字"},
    int: {"en": "a whole number", "zh": "整数"},
    bool: {"en": "true or false", "zh": "true 或 false"},
    str: {"en": "text", "zh": "文本"},
    date: {"en": "a day such as 2026-11-01", "zh": "日期，如 2026-11-01"},
    Sequence: {"en": "a list", "zh": "列表"},
    Mapping: {"en": "a mapping", "zh": "映射"},
    types.NoneType: {"en": "nothing", "zh": "空"},
}


def read_campaigns(items: Sequence[Mapping[str, Any]]) -> tuple[Campaign, ...]:
    """The campaigns that a list of mappings describes, in its order.

    Each mapping has ``kind`` (one of ``KINDS``) and the fields of that kind of campaign by name,
    inputs as numbers, ranges ``[low, likely, high]`` or distributions. Rules that
    cannot hold are refused too, so that what is returned can be simulated.

    Raises:
        CampaignError: everything that is wrong in any of them, at once.

    >>> (buy,) = read_campaigns([{"kind": "group_buy", "name": "拼团", "start": "2026-11-01",
    ...     "end": "2026-11-07", "price": 100, "discount": 0.2, "visits": [1500, 2000, 3000]}])
    >>> buy.kind, buy.group_size
    ('group_buy', 2)
    """
    if isinstance(items, str | Mapping) or not isinstance(items, Sequence):
        raise CampaignError(Problem("campaigns.not_list", {"value": shown(items)}))
    problems: list[Problem] = []
    found = []
    for number, item in enumerate(items, start=1):
        campaign, wrong = _read(item, number)
        problems += wrong
        if campaign is not None:
            found.append(campaign)
            problems += campaign.read()[2]
    if problems:
        raise CampaignError(*problems)
    return tuple(found)


def campaign_items(campaigns: Sequence[Campaign]) -> list[dict[str, Any]]:
    """Campaigns as plain mappings that ``read_campaigns`` reads; fields at their default left out.

    >>> item = {"kind": "group_buy", "name": "拼团", "start": "2026-11-01", "end": "2026-11-07",
    ...     "price": 100, "visits": 2000, "discount": 0.2}
    >>> campaign_items(read_campaigns([item])) == [item]
    True
    """
    return [
        {
            "kind": one.kind,
            **{
                field.name: plain(getattr(one, field.name))
                for field in fields(one)
                if not _at_default(field, getattr(one, field.name))
            },
        }
        for one in campaigns
    ]


def kind_of(name: str) -> type[Campaign]:
    """The class of a kind of campaign.

    >>> kind_of("group_buy").__name__
    'GroupBuy'
    """
    module, _, noun = KINDS[name].partition(".")
    found: type[Campaign] = getattr(import_module(f"workbench.campaign.{module}"), noun)
    return found


def plain(value: Any) -> Any:
    """As YAML writes it: no tuples, days, distributions or NumPy numbers.

    >>> plain((1, Distribution("fixed", (2.0,), "history")))
    [1, {'kind': 'fixed', 'parameters': [2.0], 'source': 'history'}]
    """
    if isinstance(value, Distribution):
        return {"kind": value.kind, "parameters": [*value.parameters], "source": value.source}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


def _at_default(field: "Field[Any]", value: Any) -> bool:
    return (
        field.default is not MISSING
        and type(value) is type(field.default)
        and (value == field.default)
    )


def _read(item: Any, number: int) -> tuple[Campaign | None, list[Problem]]:
    """One campaign, or None and what is wrong with its mapping."""
    if not isinstance(item, Mapping):
        facts = {"number": number, "value": shown(item)}
        return None, [Problem("campaigns.not_mapping", facts)]
    name = item.get("name")
    called = name if isinstance(name, str) and name.strip() else f"#{number}"
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        facts = {"campaign": called, "value": shown(kind), "kinds": ", ".join(KINDS)}
        facts["near"] = (nearest(kind, KINDS) if isinstance(kind, str) else "") or "–"
        return None, [Problem("campaigns.kind", facts)]
    given = {field: value for field, value in item.items() if field != "kind"}
    problems = _problems(kind, called, given)
    if problems:
        return None, problems
    return kind_of(kind)(**{field: _kept(value) for field, value in given.items()}), []


def _problems(kind: str, called: str, given: Mapping[str, Any]) -> list[Problem]:
    noun, hints = kind_of(kind), _hints(kind)
    facts = {"campaign": called, "kind": kind}
    problems = []
    for field, value in given.items():
        if field not in hints:
            told = {"field": str(field), "near": nearest(str(field), hints) or "–"}
            problems.append(Problem("campaigns.field", {**facts, **told}))
        elif not fits(value, hints[field]):
            wanted = {lang: _wanted(hints[field], lang) for lang in ("en", "zh")}
            told = {"field": field, "value": shown(value)}
            problems.append(Problem("campaigns.type", {**facts, **told, "wanted": wanted}))
    missing = [
        field.name
        for field in fields(noun)
        if field.default is MISSING and field.default_factory is MISSING and field.name not in given
    ]
    if missing:
        problems.append(Problem("campaigns.missing", {**facts, "fields": ", ".join(missing)}))
    return problems


@cache
def _hints(kind: str) -> dict[str, Any]:
    noun = kind_of(kind)
    hints = get_type_hints(noun)
    return {field.name: hints[field.name] for field in fields(noun)}


def fits(value: Any, hint: Any) -> bool:
    """Whether a value read from YAML can stand where the field says ``hint``.

    Inputs of a simulator fit whatever they are: their own messages tell more.

    >>> fits(3, float), fits("3", float), fits(True, int), fits([1, 2], Sequence[float])
    (True, False, False, True)
    """
    if hint is Any or hint == Given:
        return True
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, one) for one in args)
    if origin is Literal:
        return value in args
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping)
    if origin is not None and issubclass(origin, Sequence):
        return isinstance(value, Sequence) and not isinstance(value, str)
    checks: Mapping[Any, Callable[[Any], bool]] = {float: _number, int: _whole}
    found = checks[hint](value) if hint in checks else isinstance(value, hint)
    return bool(found)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _kept(value: Any) -> Any:
    """Lists as tuples: a campaign does not change."""
    return tuple(_kept(one) for one in value) if isinstance(value, list) else value


def _wanted(hint: Any, language: Literal["en", "zh"]) -> str:
    """What a field takes, in words."""
    origin, args = get_origin(hint), get_args(hint)
    between = " or " if language == "en" else "或"
    if origin in (Union, types.UnionType):
        return between.join(dict.fromkeys(_wanted(one, language) for one in args))
    if origin is Literal:
        return between.join(str(one) for one in args)
    kinds = [kind for kind in WORDS if isinstance(origin or hint, type)]
    found = next((kind for kind in kinds if issubclass(origin or hint, kind)), str)
    return WORDS[bool if hint is bool else found][language]
