"""Fields and sizes of campaigns have names in both languages."""

from dataclasses import fields
from importlib import import_module

import pytest

from workbench.campaign.files import KINDS
from workbench.campaign.meaning import meanings
from workbench.report.fields import field_label, size_text
from workbench.report.words import Words

NUMBERS = {"int", "float", "int | None", "float | None"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_that_can_be_decided_has_a_name(kind):
    module, name = KINDS[kind].split(".")
    cls = getattr(import_module(f"workbench.campaign.{module}"), name)
    for one in fields(cls):
        shown = one.type if isinstance(one.type, str) else getattr(one.type, "__name__", "")
        if shown in NUMBERS or str(one.type) in NUMBERS or one.name in meanings(kind):
            for language in ("en", "zh"):
                assert field_label(kind, one.name, Words(language)) != one.name, one.name


def test_a_size_reads_like_words():
    size = {"discount": 0.155, "visits": (900, 1150), "fixed_cost": 4000, "validity_hours": 1.5}
    zh = size_text("group_buy", size, Words("zh"))
    assert zh == "优惠比例 15.5%、日均访问人数 900–1,150、活动固定费用 4,000、拼团有效小时数 1.5"
    en = size_text("group_buy", size, Words("en"))
    assert en.startswith("discount 15.5 %, visits")
    assert size_text("ads", {}, Words("en")) == ""
