"""Campaigns as parameters: from files, command lines and cells."""

import pytest

from workbench.errors import ParameterError
from workbench.params.base import language_of
from workbench.params.models import CampaignParams
from workbench.params.table import ParamTable

ITEM = {"kind": "group_buy", "name": "拼团", "start": "2026-11-01", "visits": [1, 2, 3]}


def read(**values):
    return CampaignParams.read({"source": "orders.csv", **values})


def test_a_list_in_a_file_and_a_text_on_a_command_line_say_the_same():
    text = "[{kind: group_buy, name: 拼团, start: 2026-11-01, visits: [1, 2, 3]}]"
    assert read(campaigns=[ITEM]).campaigns == read(campaigns=text).campaigns == (ITEM,)
    assert read(campaigns="").campaigns == ()
    assert read(**read(campaigns=[ITEM]).plain()).campaigns == (ITEM,)


@pytest.mark.parametrize("value", ["拼团", "[{", ["拼团"], {"kind": "group_buy"}])
def test_what_is_no_list_of_campaigns_is_refused(value):
    with pytest.raises(ParameterError, match="'campaigns' must be a list of campaigns"):
        read(campaigns=value)


def test_pieces_cannot_be_planned_with_money():
    with pytest.raises(ParameterError, match="metric"):
        read(metric="units")


def test_campaigns_are_shown_by_name():
    params = read(campaigns=[ITEM, {"kind": "ads"}], language="zh")
    assert language_of(params.plain()) == "zh"
    shown = {name: value for name, _, value, _ in ParamTable(params).rows()}
    assert shown["campaigns"] == "拼团, ads"


def test_groups_that_exclude_each_other_from_files_command_lines_and_cells():
    groups = (("拼团", "秒杀"), ("a", "b"))
    assert read(exclusive=[["拼团", "秒杀"], ["a", "b"]]).exclusive == groups
    assert read(exclusive="[[拼团, 秒杀], [a, b]]").exclusive == groups
    assert read(exclusive=["拼团", "秒杀"]).exclusive == groups[:1]
    assert read(exclusive="all").exclusive is read(exclusive=True).exclusive is True
    assert read(exclusive=[]).exclusive == read(exclusive="").exclusive == ()
    assert read(**read(exclusive=groups).plain()).exclusive == groups
    shown = {name: value for name, _, value, _ in ParamTable(read(exclusive=groups)).rows()}
    assert shown["exclusive"] == "拼团 | 秒杀, a | b"


@pytest.mark.parametrize("value", ["拼团", "[{", [["拼团"]], [["a", 3]], {"a": "b"}, 5])
def test_what_is_no_group_of_campaigns_is_refused(value):
    with pytest.raises(ParameterError, match="groups of campaigns of which one may run") as failed:
        read(exclusive=value)
    assert "不可同时进行" in failed.value.text("zh")
