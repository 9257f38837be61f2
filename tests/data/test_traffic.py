import pytest

from workbench.data.traffic import read_traffic
from workbench.errors import DataError


def write(folder, text):
    file = folder / "traffic.csv"
    file.write_text(text, "utf-8")
    return file


def test_visitors_and_orders_under_their_usual_names(tmp_path):
    file = write(
        tmp_path, "日期,渠道,访客数,支付订单数\n2026-08-01,店,120,8\n2026-08-01,网,900,31\n"
    )
    found = read_traffic(file, by=["渠道"])
    assert found["unit"].tolist() == ["店", "网"]
    assert found["visitors"].tolist() == [120.0, 900.0]
    assert found["orders"].tolist() == [8.0, 31.0]


def test_rows_of_a_finer_unit_are_added_up(tmp_path):
    text = "date,channel,team,visitors,orders\n2026-08-01,a,x,10,1\n2026-08-01,b,x,20,3\n"
    found = read_traffic(write(tmp_path, text), by=["channel", "team"])
    assert found["unit"].tolist() == ["a / x", "b / x"]


def test_what_is_missing_is_named_at_once(tmp_path):
    file = write(tmp_path, "date,channel,visitors\n2026-08-01,a,10\n")
    with pytest.raises(DataError) as caught:
        read_traffic(file, by=["channel", "team"])
    said = caught.value.text("en")
    assert "has no column 'orders'" in said
    assert "does not say which unit a row belongs to" in said
    assert "team" in said
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"data.traffic_column", "data.traffic_unit"}
