"""What was noticed on the way."""

from dataclasses import dataclass

from workbench.errors import Problem
from workbench.run.watch import noticed


@dataclass(frozen=True)
class Noun:
    notices: tuple[Problem, ...]


ODD = Problem("goal.without_sales", {"count": 1, "units": "南区"})
TOLD = Problem("goal.none_set", {"base": "5"})


def test_the_same_thing_in_other_words_is_told_once():
    rows = {"count": 1, "money": "-5", "rows": "a", "amount": "-5"}
    panel, data = Problem("panel.negative_sales", rows), Problem("data.negative_days", rows)
    assert noticed(Noun((data,)), Noun((panel, ODD))) == (data, ODD)
    assert noticed(Noun((panel, ODD))) == (panel, ODD)


def test_of_a_shortage_with_more_and_more_campaigns_the_last_is_told():
    few, more = (Problem("schedule.capacity", {"rows": f"a: {n}", "share": "9%"}) for n in "12")
    assert noticed(Noun((few, ODD)), Noun((more,))) == (ODD, more)
    assert noticed(Noun((few,))) == (few,)


def test_each_notice_once_in_order():
    again = Problem("goal.without_sales", {"count": 1, "units": "南区"})
    assert noticed(Noun((ODD, TOLD)), Noun(()), Noun((again,))) == (ODD, TOLD)
    assert noticed() == ()
