"""Advice: rules are read whole or not at all, and say what holds."""

import datetime as dt

import pytest

from workbench.errors import ParameterError
from workbench.target.advice import Rule, advise
from workbench.target.advice_expression import Unreadable, names_in, read_condition
from workbench.target.advice_rules import CAMPAIGNS, FACTS, default_rules, load_rules

DAYS = {"as_of": dt.date(2026, 8, 20), "end": dt.date(2026, 9, 30)}


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [
        ("a > 1", {"a": 1.5}, True),
        ("a > 1", {"a": 1.0}, False),
        ("a >= 12.5%", {"a": 0.125}, True),
        ("a == -3", {"a": -3.0}, True),
        ("cause == '客单价'", {"cause": "客单价"}, True),
        ("cause != market", {"cause": "unit"}, True),
        ("cause != market", {}, False),
        ("a > 1", {"a": "many"}, False),
        ("a > 1 or b > 1 and c > 1", {"a": 2.0, "b": 0.0, "c": 0.0}, True),
        ("(a > 1 or b > 1) and c > 1", {"a": 2.0, "b": 0.0, "c": 0.0}, False),
        ("not a > 1 and not (b > 1 or c > 1)", {"a": 0.0, "b": 0.0, "c": 0.0}, True),
        ("not not a > 1", {"a": 2.0}, True),
    ],
)
def test_conditions(text, facts, holds):
    assert read_condition(text).holds(facts) is holds


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 0),
        ("a", 1),
        ("a >", 3),
        ("a > 1 b > 2", 6),
        ("a > 1 and", 9),
        ("(a > 1", 6),
        ("a < low", 4),
        ("a => 1", 2),
        ("__import__('os').system('x') == 1", 16),
        ("a > 1; b > 2", 5),
        ("and > 1", 0),
        ("not " * 40 + "a > 1", 84),
        ("a > 1 or " * 100 + "a > 1", 500),
    ],
)
def test_what_is_no_condition_is_refused_where_it_stops_to_be_one(text, place):
    with pytest.raises(Unreadable) as error:
        read_condition(text)
    assert error.value.place == place


def test_the_packages_rules_name_known_facts_and_campaigns():
    rules = default_rules()
    assert len({rule.name for rule in rules}) == len(rules) >= 10
    assert all(names_in(rule.when) <= FACTS for rule in rules)
    assert {r.simulate["kind"] for r in rules if r.simulate} == set(CAMPAIGNS)


def test_advice_fills_in_unit_dates_and_prices():
    facts = {
        "direction": "down",
        "kind": "band",
        "cause": "conversion",
        "unit": "微信社群",
        "price": 59.0,
    }
    (said,) = advise(facts, default_rules(), **DAYS)
    assert said.rule == "conversion_low"
    assert said.text["zh"].startswith("微信社群访客还在")
    assert said.simulate == {
        "kind": "group_buy",
        "name": "group_buy 微信社群",
        "start": "2026-08-23",
        "end": "2026-08-29",
        "units": ["微信社群"],
        "group_size": 2,
        "discount": 0.2,
        "price": 59.0,
    }


def test_a_channel_behind_with_stock_is_told_so_only_where_the_stock_is_known():
    facts = {"direction": "down", "kind": "sibling", "cause": "unit", "unit": "a"}
    without = [one.rule for one in advise(facts, default_rules(), **DAYS)]
    known = [one.rule for one in advise(facts | {"stock_days": 60.0}, default_rules(), **DAYS)]
    assert without == ["channel_alone"]
    assert known == ["behind_with_stock", "channel_alone"]


def test_no_campaign_is_proposed_after_the_period():
    rule = Rule("r", read_condition("a > 0"), {"en": "x", "zh": "x"}, {"kind": "discount"})
    last = dt.date(2026, 9, 28)
    assert advise({"a": 1.0}, (rule,), as_of=last, end=dt.date(2026, 9, 30))[0].simulate == {}
    kept = advise({"a": 1.0}, (rule,), as_of=dt.date(2026, 9, 26), end=dt.date(2026, 9, 30))
    assert kept[0].simulate["end"] == "2026-09-30"
    assert kept[0].simulate["units"] == "all"


def write(tmp_path, text):
    path = tmp_path / "rules.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_shop_adds_replaces_and_switches_off(tmp_path):
    path = write(
        tmp_path,
        """
facts: [returns_open]
rules:
  - name: returns
    when: returns_open > 20 and direction == down
    text: {en: "{returns_open} returns wait at {unit}.", zh: "{unit}有{returns_open}单退货待处理。"}
  - {name: market_down, disabled: true}
  - name: traffic_low
    when: cause == traffic
    text: {en: Call the agency., zh: 联系投放公司。}
""",
    )
    rules = load_rules(path)
    names = [rule.name for rule in rules]
    assert names[:2] == ["returns", "traffic_low"]
    assert names.count("traffic_low") == 1
    assert "market_down" not in names
    said = advise({"returns_open": 31.0, "direction": "down", "unit": ""}, rules, **DAYS)
    assert said[0].text == {
        "en": "31 returns wait at all units.",
        "zh": "全部单元有31单退货待处理。",
    }
    assert load_rules("") == default_rules()


def test_everything_wrong_in_a_file_is_told_at_once(tmp_path):
    path = write(
        tmp_path,
        """
facts: [good_one, "bad one"]
colour: red
rules:
  - {name: a, when: "sales <", text: {en: x, zh: x}}
  - {name: b, when: moon == full, text: {en: x, zh: x}}
  - {name: c, when: rows > 1, text: {en: x}}
  - {name: d, when: rows > 1, text: {en: "{unit!r}", zh: x}, colour: red}
  - {name: e, when: rows > 1, text: {en: x, zh: "{"}, simulate: {kind: lottery}}
  - {name: f, when: rows > 1, text: {en: x, zh: x}, simulate: {kind: discount, days: 0}}
  - {name: g, when: rows > 1, text: {en: x, zh: x}, simulate: {kind: discount, price: "{gold}"}}
  - {name: h, when: rows > 1, text: {en: x, zh: x}}
  - {name: h, when: rows > 1, text: {en: x, zh: x}}
  - when: rows > 1
  - {name: i, when: [rows], text: {en: x, zh: x}}
""",
    )
    with pytest.raises(ParameterError) as error:
        load_rules(path)
    text = str(error.value)
    for expected in (
        "keys that mean nothing here",
        "rules.yaml, rules: colour",
        "not a list of names",
        "The condition of an advice rule cannot be read",
        "a: sales < (not understood from: …)",
        "asks for a fact that is not known",
        "b: moon",
        "c: missing zh",
        "d: unit",
        "cannot be simulated",
        "e: lottery",
        "f: days",
        "not whole numbers from 1",
        "g: gold",
        "Two advice rules have the same name",
        "An advice rule has no name",
        "rule number 10",
    ):
        assert expected in text, expected
    assert "建议规则的条件无法读懂" in error.value.text("zh")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: [", "is not valid YAML"),
        ("just words", "has no list of rules"),
        ("rules: 3", "has no list of rules"),
        ("", "has no list of rules"),
    ],
)
def test_files_that_hold_no_rules(tmp_path, text, says):
    with pytest.raises(ParameterError, match=says):
        load_rules(write(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ParameterError, match="file of advice rules does not exist"):
        load_rules(tmp_path / "none.yaml")
