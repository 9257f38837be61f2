"""Inputs of campaigns learned from the shop's own past, and how they are told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from workbench.campaign.distribution import Distribution
from workbench.campaign.meaning import meanings
from workbench.errors import Language, Problem

Learnt: TypeAlias = Mapping[int | str, Mapping[str, Distribution | float]]
"""People of a full group, or else kind of campaign → input → what was learned of it."""


@dataclass(frozen=True)
class Learned:
    """Inputs of campaigns from the shop's own past.

    Attributes:
        inputs: people of a full group (group-buys) or kind of campaign → input → distribution.
        groups: people of a full group → past groups it was fitted on.
        notices: what was learned, and what could not be.
    """

    inputs: Learnt = field(default_factory=dict)
    groups: Mapping[int, int] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()


def input_labels(kind: str, names: Iterable[str]) -> Mapping[Language, str]:
    """What inputs of a kind of campaign are called, as a fact of a notice.

    >>> input_labels("ads", ["stay_rate", "link_rate"])["zh"]
    '粉丝留存率、自动回复链接打开率'
    """
    found = [meanings(kind)[name].label for name in names]
    en, zh = ", ".join(one["en"] for one in found), "、".join(one["zh"] for one in found)
    return {"en": en or "none", "zh": zh or "无"}
