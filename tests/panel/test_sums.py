"""Do the parts add up?"""

import numpy as np
import pandas as pd
import pytest

from workbench.panel.build import build_panel
from workbench.panel.sums import check_sums, sum_gaps


@pytest.fixture
def panel(rows):
    return build_panel(
        pd.concat([rows([10.1, 20.2, 30.3]), rows([1.0, 2.0, 3.0], unit="app")]), calendar=None
    )


def whole(*sales: float, start: str = "2026-01-05") -> pd.Series:
    return pd.Series(sales, index=pd.date_range(start, periods=len(sales)))


def test_parts_that_add_up_say_nothing(panel):
    assert check_sums(panel, whole(11.1, 22.2, 33.3), name="shop") == []
    assert check_sums(panel, whole(11.104, 22.2, 33.3), name="shop") == []
    assert check_sums(panel, whole(11.2, 22.1, 33.3), name="shop", tolerance=0.11) == []


def test_parts_that_do_not(panel):
    (problem,) = check_sums(panel, whole(11.1, 1220.0, 30.3), name="全店")
    assert problem.code == "panel.sums_differ"
    assert "do not add up to 全店" in problem.text("en")
    assert (
        "2 of 3 dates, together -1,194.80; first (units / 全店): "
        "2026-01-06 22.20 / 1,220; 2026-01-07 33.30 / 30.30"
    ) in problem.text("en")
    assert "差额合计 -1,194.80" in problem.text("zh")


def test_dates_only_one_of_them_has(panel):
    later, earlier = check_sums(panel, whole(22.2, 33.3, 50.0, start="2026-01-06"), name="shop")
    assert later.code == "panel.parts_missing"
    assert "1 dates, together 50, first: 2026-01-08" in later.text("en")
    assert "没有任何单元" in later.text("zh")
    assert earlier.code == "panel.whole_missing"
    assert "1 dates, together 11.10, first: 2026-01-05" in earlier.text("en")
    assert "缺少单元已有的日期" in earlier.text("zh")


def test_zero_where_the_other_has_nothing_is_no_gap(panel):
    assert check_sums(panel, whole(11.1, 22.2, 33.3, 0.0), name="shop") == []


def test_the_table_of_gaps(panel):
    table = sum_gaps(panel, whole(11.1, np.nan, 30.0, 4.0))
    assert table["difference"].round(6).tolist()[::2] == [0.0, 3.3]
    assert table["whole"].isna().tolist() == [False, True, False, False]
    assert table["parts"].isna().tolist() == [False, False, False, True]


def test_m5_departments_add_up_to_the_chain(shared_data):
    parts = pd.read_parquet(shared_data / "m5" / "store_dept_daily.parquet")
    chain = pd.read_parquet(shared_data / "m5" / "chain_daily_revenue.parquet")
    frame = parts.assign(unit=parts["store_id"].astype(str) + " " + parts["dept_id"].astype(str))
    frame = frame.rename(columns={"units": "sales"})[["unit", "date", "sales"]]
    panel = build_panel(frame, calendar=None)
    stated = chain.set_index("date")["units"].astype(float)
    assert check_sums(panel, stated, name="chain") == []
    (problem,) = check_sums(panel.only(panel.units[1:]), stated, name="chain")
    assert problem.code == "panel.sums_differ"
