"""The tree of nodes over the units."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import TargetError
from workbench.panel.hierarchy import lay_hierarchy
from workbench.target.tree import grow_tree

KEYS = pd.DataFrame(
    {
        "channel": ["web", "web", "store", "store", "store"],
        "team": ["A", "B", "A", "A", "C"],
        "salesperson": ["An", "Bo", "Cy", "Di", "Ed"],
    },
    index=["web / A / An", "web / B / Bo", "store / A / Cy", "store / A / Di", "store / C / Ed"],
)


def test_a_team_in_two_channels_is_two_nodes_called_by_their_way():
    tree = grow_tree(list(KEYS.index), KEYS)
    assert tree.levels == ("total", "channel", "team", "salesperson")
    assert tree.names[1:7] == ("web", "store", "web / A", "web / B", "store / A", "store / C")
    assert tree.names[7:] == ("An", "Bo", "Cy", "Di", "Ed")
    assert tree.keys[5] == ("store", "A", "")
    assert [tree.names[at] for at in tree.children[5]] == ["Cy", "Di"]


def test_levels_that_part_nothing_further_are_left_out_but_still_described():
    keys = KEYS.assign(country="CN", shop=KEYS["channel"])[["country", "channel", "shop", "team"]]
    tree = grow_tree(list(keys.index), keys)
    assert tree.levels == ("total", "channel", "team", "unit")
    assert tree.keys[1] == ("CN", "web", "web", "")


def test_a_hierarchy_serves_as_keys_and_without_keys_the_tree_is_flat():
    tree = grow_tree(list(KEYS.index), lay_hierarchy(KEYS))
    assert tree.levels[:3] == ("total", "channel", "team")
    flat = grow_tree(["a", "b"])
    assert flat.levels == ("total", "unit")
    assert flat.names == ("", "a", "b")
    assert grow_tree(["only"]).names == ("", "only")


@given(
    codes=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12),
    shuffle=st.randoms(use_true_random=False),
)
def test_sums_are_those_of_a_group_by_in_any_order_of_the_units(codes, shuffle):
    names = [f"u{at}" for at in range(len(codes))]
    keys = pd.DataFrame(codes, columns=["a", "b"], index=names)
    shuffle.shuffle(names)
    tree = grow_tree(names, keys)
    values = pd.Series(np.arange(1.0, len(names) + 1) ** 2, index=names)
    sums = tree.sums(values.to_numpy())
    assert sums[0] == values.sum()
    for node in range(tree.n_nodes):
        members = [names[at] for at in tree.members(node)]
        assert sums[node] == values[members].sum()
        below = tree.children[node]
        assert not len(below) or sums[below].sum() == sums[node]
    assert [tree.members(node).tolist() for node in tree.leaf] == [[at] for at in range(len(names))]


def test_bad_keys_are_told_all_at_once():
    keys = pd.concat([KEYS.iloc[:2], KEYS.iloc[:1]])
    with pytest.raises(TargetError) as failed:
        grow_tree(["web / A / An", "ghost"], keys)
    text = failed.value.text()
    assert "The keys name a unit more than once" in text
    assert "do not say where some units belong" in text
    blank = KEYS.assign(team=[None, "B", "A", "A", "C"], total="x")
    with pytest.raises(TargetError) as failed:
        grow_tree(list(KEYS.index), blank)
    assert "A level is blank for some units" in failed.value.text()
    assert "A level has a name that is taken" in failed.value.text()
