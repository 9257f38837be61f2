"""Advice: what may help against an alert, said by rules whose conditions hold."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from workbench.errors import Language
from workbench.target.advice_expression import Condition, Value

PERCENTS = frozenset({"deviation", "behind", "probability", "attainment", "share", "before", "now"})
"""Facts that are shown as percent; so are those whose name ends in _rate or is conversion."""
ALL: Mapping[Language, str] = MappingProxyType({"en": "all units", "zh": "全部单元"})
UNKNOWN = "–"


@dataclass(frozen=True)
class Rule:
    """One rule: when it holds, what is said, and which campaign is worth simulating.

    Attributes:
        name: of the rule; a shop's rule of the same name takes its place.
        when: the condition.
        text: language → what to do, with facts in braces.
        simulate: ``kind`` of a campaign and its parameters; ``start_in`` and ``days`` become its
            dates, facts in braces become numbers. Empty where none helps.
    """

    name: str
    when: Condition
    text: Mapping[Language, str]
    simulate: Mapping[str, object] = field(default_factory=dict)


Rules = tuple[Rule, ...]


@dataclass(frozen=True)
class Advice:
    """What may help.

    Attributes:
        rule: the rule it comes from.
        text: language → what to do.
        simulate: a campaign with its parameters filled in, for ``40_campaign_plan``; empty where
            none is proposed.
    """

    rule: str
    text: Mapping[Language, str]
    simulate: Mapping[str, object] = field(default_factory=dict)


def advise(
    facts: Mapping[str, Value], rules: Rules, *, as_of: dt.date, end: dt.date
) -> tuple[Advice, ...]:
    """The advice of every rule whose condition holds, in the order of the rules.

    Args:
        facts: name → number or word.
        rules: see :func:`workbench.target.advice_rules.load_rules`.
        as_of: the day the advice is given; campaigns start after it.
        end: last day of the period; no campaign reaches beyond it.

    >>> from workbench.target.advice_expression import read_condition
    >>> group = {"kind": "group_buy", "start_in": 3, "days": 7, "price": "{price}"}
    >>> text = {"en": "Look at {unit}.", "zh": "请看{unit}。"}
    >>> rule = Rule("slow", read_condition("conversion < 3%"), text, group)
    >>> said = advise({"unit": "app", "conversion": 0.02, "price": 59.0}, (rule,),
    ...     as_of=dt.date(2026, 8, 20), end=dt.date(2026, 9, 30))
    >>> said[0].text["en"], said[0].simulate["end"], said[0].simulate["price"]
    ('Look at app.', '2026-08-29', 59.0)
    """
    return tuple(
        Advice(
            rule.name,
            {language: _said(text, facts, language) for language, text in rule.text.items()},
            _campaign(rule.simulate, facts, as_of, end),
        )
        for rule in rules
        if rule.when.holds(facts)
    )


class _Shown(dict[str, str]):
    """Facts as they are shown; a dash for what is not known."""

    def __missing__(self, name: str) -> str:
        return UNKNOWN


def _said(text: str, facts: Mapping[str, Value], language: Language) -> str:
    return text.format_map(_Shown({n: _shown(n, v, language) for n, v in facts.items()}))


def _shown(name: str, value: Value, language: Language) -> str:
    if isinstance(value, str):
        return value or (ALL[language] if name == "unit" else value)
    if name in PERCENTS or name.endswith(("_rate", "conversion")):
        digits = 0 if abs(value) >= 0.1 else 1
        return f"{abs(value) * 100:.{digits}f}%"
    return f"{abs(value):,.0f}"


def _campaign(
    wanted: Mapping[str, object], facts: Mapping[str, Value], as_of: dt.date, end: dt.date
) -> dict[str, object]:
    """The campaign with dates and facts filled in; a parameter whose fact is unknown is left out.

    Empty where the period ends before it could start.
    """
    if not wanted:
        return {}
    start = as_of + dt.timedelta(days=int(str(wanted.get("start_in", 3))))
    if start > end:
        return {}
    last = min(start + dt.timedelta(days=int(str(wanted.get("days", 7))) - 1), end)
    unit = str(facts.get("unit", ""))
    filled: dict[str, object] = {
        "kind": wanted["kind"],
        "name": f"{wanted['kind']} {unit}".strip(),
        "start": f"{start:%Y-%m-%d}",
        "end": f"{last:%Y-%m-%d}",
        "units": [unit] if unit else "all",
    }
    for name, value in wanted.items():
        if name in ("kind", "start_in", "days"):
            continue
        if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
            known = facts.get(value[1:-1])
            if known is not None:
                filled[name] = known
        else:
            filled[name] = value
    return filled
