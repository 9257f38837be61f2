"""Reading files of rules: the package's own and a shop's, checked whole before any is used."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any

from workbench.errors import Language, ParameterError, Problem
from workbench.target.advice import Rule, Rules
from workbench.target.advice_expression import Unreadable, names_in, read_condition

FACTS = frozenset(
    {
        "kind", "direction", "unit", "cause", "open", "deviation", "behind", "rows", "before",
        "now", "target", "actual", "attainment", "probability", "projected", "shortfall",
        "remaining", "share", "days_left", "gap_traffic", "gap_conversion", "gap_basket",
        "gap_price", "gap_volume", "gap_mix", "gap_market", "stock_days", "refund_rate",
        "visitors", "conversion", "price", "basket",
    }
)  # fmt: skip
"""What conditions and texts may name; a file may add its own under ``facts``."""
CAMPAIGNS = ("group_buy", "drive", "ads", "discount")
FILE_KEYS, RULE_KEYS = {"facts", "rules"}, {"name", "when", "text", "simulate", "disabled"}
LANGUAGES: tuple[Language, ...] = ("en", "zh")
NAME = re.compile(r"[^\W\d]\w*")
PACKAGE_FILE = "advice.yaml"


@cache
def default_rules() -> Rules:
    """The rules that come with the package.

    >>> "conversion_low" in [rule.name for rule in default_rules()]
    True
    """
    text = resources.files("workbench").joinpath(f"target/{PACKAGE_FILE}").read_text("utf-8")
    return tuple(rule for _, rule in _read(text, PACKAGE_FILE) if rule)


def load_rules(path: str | Path = "") -> Rules:
    """The package's rules and, before them, those of a shop's file; empty for the former alone.

    A rule of a name that the package has too takes its place; ``disabled: true`` takes it away.

    Raises:
        ParameterError: no such file, text that is not YAML, unknown keys, conditions that cannot
            be read, facts and campaigns that are not known, texts missing in a language; all of
            them at once.
    """
    if not path:
        return default_rules()
    file = Path(path)
    if not file.is_file():
        raise ParameterError(Problem("advice.no_file", {"path": str(file)}))
    own = dict(_read(file.read_text("utf-8-sig"), file.name))
    kept = (rule for rule in default_rules() if rule.name not in own)
    return (*(rule for rule in own.values() if rule), *kept)


def _read(text: str, file: str) -> list[tuple[str, Rule | None]]:
    """Name → rule, None for one that is switched off."""
    import yaml

    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = str(mark.line + 1) if mark else "?"
        raise ParameterError(Problem("advice.not_yaml", {"file": file, "line": line})) from None
    if not isinstance(given, dict) or not isinstance(given.get("rules"), list):
        raise ParameterError(Problem("advice.no_rules", {"file": file}))
    problems = _strange(given, FILE_KEYS, file, "rules")
    named = given.get("facts") or []
    if not isinstance(named, list) or not all(NAME.fullmatch(str(name)) for name in named):
        problems.append(Problem("advice.bad_facts", {"file": file, "facts": str(named)[:80]}))
        named = []
    facts = FACTS | {str(name) for name in named}
    found: list[tuple[str, Rule | None]] = []
    for number, one in enumerate(given["rules"], start=1):
        rule, wrong = _rule(one, number, file, facts)
        problems += wrong
        if rule:
            if rule[0] in [name for name, _ in found]:
                problems.append(Problem("advice.twice", {"file": file, "rule": rule[0]}))
            found.append(rule)
    if problems:
        raise ParameterError(*problems)
    return found


def _rule(
    given: object, number: int, file: str, facts: frozenset[str]
) -> tuple[tuple[str, Rule | None] | None, list[Problem]]:
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        return None, [Problem("advice.no_name", {"file": file, "number": number})]
    name = given["name"]
    where: dict[str, object] = {"file": file, "rule": name}
    problems = _strange(given, RULE_KEYS, file, name)
    if given.get("disabled") is True:
        return (name, None), problems
    problems += [*_condition_problems(given.get("when"), where, facts)]
    problems += [*_text_problems(given.get("text"), where, facts)]
    problems += [*_campaign_problems(given.get("simulate"), where, facts)]
    if problems:
        return None, problems
    when = read_condition(given["when"])
    return (name, Rule(name, when, given["text"], given.get("simulate") or {})), []


def _strange(given: Mapping[Any, Any], known: set[str], file: str, rule: str) -> list[Problem]:
    strange = sorted(str(key) for key in given if key not in known)
    if not strange:
        return []
    facts = {"file": file, "rule": rule, "keys": ", ".join(strange)}
    return [Problem("advice.unknown_keys", {**facts, "known": ", ".join(sorted(known))})]


def _condition_problems(
    given: object, where: Mapping[str, object], facts: frozenset[str]
) -> Iterator[Problem]:
    if not isinstance(given, str) or not given.strip():
        yield Problem("advice.bad_condition", {**where, "text": str(given)[:80], "from": "–"})
        return
    try:
        unknown = sorted(names_in(read_condition(given)) - facts)
    except Unreadable as error:
        rest = given[error.place :][:30] or "…"
        yield Problem("advice.bad_condition", {**where, "text": given[:80], "from": rest})
        return
    if unknown:
        yield _unknown(unknown, where, facts)


def _unknown(names: list[str], where: Mapping[str, object], facts: frozenset[str]) -> Problem:
    said = {"names": ", ".join(names), "known": ", ".join(sorted(facts))}
    return Problem("advice.unknown_fact", {**where, **said})


def _text_problems(
    given: object, where: Mapping[str, object], facts: frozenset[str]
) -> Iterator[Problem]:
    missing = [
        language
        for language in LANGUAGES
        if not isinstance(given, dict) or not str(given.get(language) or "").strip()
    ]
    if missing or not isinstance(given, dict) or set(given) != set(LANGUAGES):
        yield Problem("advice.bad_text", {**where, "missing": ", ".join(missing) or "–"})
        return
    strange = sorted({name for text in given.values() for name in _strange_fields(text, facts)})
    if strange:
        yield _unknown(strange, where, facts)


def _strange_fields(text: object, facts: frozenset[str]) -> Iterator[str]:
    """What stands in braces and is no fact; a brace that is not closed."""
    try:
        parts = list(Formatter().parse(str(text)))
    except ValueError:
        yield "{"
        return
    for _, name, form, turn in parts:
        if name is not None and (name not in facts or form or turn):
            yield name


def _campaign_problems(
    given: object, where: Mapping[str, object], facts: frozenset[str]
) -> Iterator[Problem]:
    if given is None:
        return
    kinds = ", ".join(CAMPAIGNS)
    if not isinstance(given, dict) or given.get("kind") not in CAMPAIGNS:
        kind = str(given.get("kind") if isinstance(given, dict) else given)[:40]
        yield Problem("advice.unknown_campaign", {**where, "kind": kind, "kinds": kinds})
        return
    whole = {name: given.get(name, 1) for name in ("start_in", "days")}
    bad = [n for n, v in whole.items() if not isinstance(v, int) or isinstance(v, bool) or v < 1]
    if bad:
        yield Problem("advice.bad_days", {**where, "names": ", ".join(bad)})
    asked = [str(v)[1:-1] for v in given.values() if isinstance(v, str) and v.startswith("{")]
    unknown = sorted(set(asked) - facts)
    if unknown:
        yield _unknown(unknown, where, facts)
