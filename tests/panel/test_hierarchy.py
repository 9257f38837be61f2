"""Levels and their sums."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import DataError
from workbench.panel.hierarchy import lay_hierarchy

KEYS = pd.DataFrame(
    {
        "channel": ["app", "app", "store", "store", "store"],
        "category": ["tea", "cups", "tea", "cups", "pots"],
    },
    index=["app tea", "app cups", "store tea", "store cups", "store pots"],
)


def test_crossed_levels_worked_by_hand():
    tree = lay_hierarchy(KEYS)
    assert tree.levels == ("total", "channel", "category", "unit")
    sums = dict(zip(tree.nodes, tree.sums([10.5, 3, 20, 4, 0.25]).tolist(), strict=True))
    assert sums["total", "total"] == 37.75
    assert (sums["channel", "app"], sums["channel", "store"]) == (13.5, 24.25)
    assert (sums["category", "tea"], sums["category", "pots"]) == (30.5, 0.25)
    assert sums["unit", "store cups"] == 4
    assert tree.groups("category") == dict(zip(KEYS.index, KEYS["category"], strict=True))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1, max_size=9))
def test_every_level_adds_up_to_the_same(pairs):
    keys = pd.DataFrame(pairs, columns=["one", "two"], index=[f"u{at}" for at in range(len(pairs))])
    tree = lay_hierarchy(keys)
    values = np.arange(1.0, 2 * len(pairs) + 1).reshape(2, -1) ** 1.5
    sums = pd.DataFrame(tree.sums(values).T, index=pd.MultiIndex.from_tuples(tree.nodes))
    by_level = sums.groupby(level=0).sum()
    np.testing.assert_allclose(by_level, np.tile(values.sum(axis=1), (len(tree.levels), 1)))
    assert tree.summing.shape == (len(tree.nodes), len(pairs))


def test_levels_that_say_nothing_new_are_left_out():
    keys = KEYS.assign(country="CN", region=["e", "e", "w", "w", "w"], sku=range(5))
    assert lay_hierarchy(keys).levels == ("total", "channel", "category", "unit")
    assert lay_hierarchy(KEYS[["channel"]].head(1)).levels == ("total", "unit")


def test_nested_names_that_repeat_under_another_parent_are_one_node():
    assert [name for level, name in lay_hierarchy(KEYS).nodes if level == "category"] == [
        "tea",
        "cups",
        "pots",
    ]


def test_a_level_that_is_not_there():
    with pytest.raises(DataError, match="team; it has total, channel, category, unit") as caught:
        lay_hierarchy(KEYS).groups("team")
    assert "没有所要的层级" in caught.value.text("zh")


def test_keys_that_cannot_be_used_are_all_told():
    keys = KEYS.rename(columns={"category": "total"}, index={"app cups": "app tea"})
    keys.loc["store pots", "channel"] = None
    with pytest.raises(DataError) as caught:
        lay_hierarchy(keys)
    english, chinese = caught.value.text("en"), caught.value.text("zh")
    assert "name that is taken.\nFound: total" in english
    assert "保留名称" in chinese
    assert "stands twice in the keys.\nFound: 1: app tea" in english
    assert "同一单元出现多次" in chinese
    assert "column channel, 1 units: store pots" in english
    assert "缺少所属层级" in chinese
