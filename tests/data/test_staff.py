"""The table of staff: read, and refused where it cannot be."""

import pandas as pd
import pytest

from workbench.data.staff import check_staff, load_staff
from workbench.errors import DataError


def test_usual_headers_are_understood(tmp_path):
    file = tmp_path / "staff.csv"
    file.write_text(
        "姓名,小组,入职日期,离职日期,日接单量,客单价,每周工作天数\n"
        "张敏,商城组,2024-03-01,,20,85,5\n李强,商城组,2024-03-01,2026-10-31,,,\n",
        "utf-8",
    )
    staff = load_staff(file)
    assert staff["salesperson"].tolist() == ["张敏", "李强"]
    assert staff.loc[0, ["orders_per_day", "order_value", "days_per_week"]].tolist() == [20, 85, 5]
    assert staff["end"].isna().tolist() == [True, False]


def test_the_demo_shop_has_a_staff_table(tmp_path):
    lines = "staff_id,salesperson,team,start,end\nS1,An,A,2024-01-01,2026-05-31\n"
    moved = "S1,An,B,2026-06-01,\n"
    file = tmp_path / "staff.csv"
    file.write_text(lines + moved, "utf-8")
    assert load_staff(file)["team"].tolist() == ["A", "B"]


def test_what_cannot_be_is_told_at_once():
    staff = pd.DataFrame(
        {
            "salesperson": ["An", "An", "Bo", "Cy"],
            "start": pd.to_datetime(["2026-01-01", "2026-05-31", "2026-03-01", None]),
            "end": pd.to_datetime(["2026-05-31", None, "2026-02-01", None]),
            "days_per_week": [5, 5, 8, 7],
            "orders_per_day": [None, None, None, 12.0],
        }
    )
    with pytest.raises(DataError) as failed:
        check_staff(staff)
    text = failed.value.text()
    assert "last working day lies before the first one" in text
    assert "row 3: Bo 2026-03-01 – 2026-02-01" in text
    assert "Somebody works in two places on the same day" in text
    assert "row 2: An 2026-05-31" in text
    assert "A working week has more than seven days" in text
    assert "Orders per day are given, but not what an order is worth" in text
    assert "调岗请写成两行" in failed.value.text("zh")


def test_same_names_on_days_apart_are_a_move():
    check_staff(
        pd.DataFrame(
            {
                "salesperson": ["An", "An"],
                "start": pd.to_datetime(["2026-06-01", "2026-01-01"]),
                "end": pd.to_datetime([None, "2026-05-31"]),
            }
        )
    )
