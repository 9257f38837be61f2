"""Saying what happened in a period that is over, and how to look back while it is not."""

import pandas as pd

from workbench.report.lookback import look_back
from workbench.report.words import Words
from workbench.target.allocate import allocate
from workbench.target.given import hindsight
from workbench.target.goal import goal_of
from workbench.target.outlook import Outlook

SEEN = Outlook.from_totals(
    pd.DataFrame({"a": [80.0, 100.0, 120.0], "b": [40.0, 60.0, 50.0]}),
    period="2026Q4",
    as_of="2026-09-30",
)


def test_a_period_that_runs_says_when_to_look_back():
    told = look_back(None, SEEN, Words("en", "CNY"))
    assert "until 2026-12-31" in repr(told)
    assert "as_of=2026-09-30" in repr(told)
    chinese = look_back(None, SEEN, Words("zh", "CNY"))
    assert "到 2026-12-31 结束" in repr(chinese)


def test_once_it_is_over_each_target_stands_beside_what_came():
    days = pd.date_range("2026-10-01", "2026-12-31")
    rows = [
        pd.DataFrame({"unit": u, "date": days, "sales": s}) for u, s in (("a", 1.25), ("b", 0.5))
    ]
    past = hindsight(goal_of(152.0, SEEN), allocate(152.0, SEEN), SEEN, later=pd.concat(rows))
    words = Words("en", "CNY")
    page = look_back(past, SEEN, words).as_raw_html()
    assert f">{words.amount(115.0)}<" in page
    assert f">{words.amount(161.0)}<" in page
