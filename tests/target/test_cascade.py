"""The cascade: sums at every node, limits kept, what contradicts is told."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from workbench.errors import TargetError
from workbench.target.allocate import allocate
from workbench.target.cascade import cascade
from workbench.target.cascade_limits import bound, read_node_limits
from workbench.target.cascaded import CASCADE_METHODS
from workbench.target.outlook import Outlook
from workbench.target.tree import grow_tree

PEOPLE = ["An", "Bo", "Cy", "Di", "Ed"]
KEYS = pd.DataFrame(
    {"channel": ["web", "web", "store", "store", "store"], "team": ["A", "B", "C", "C", "D"]},
    index=PEOPLE,
)


def an_outlook(n_paths=300, units=PEOPLE, seed=3, **more):
    rng = np.random.default_rng(seed)
    sizes = np.linspace(300, 900, len(units))
    spread = np.exp(rng.normal(0, 0.25, (n_paths, len(units))) + rng.normal(0, 0.1, (n_paths, 1)))
    totals = pd.DataFrame(sizes * spread, columns=list(units))
    last = pd.Series(sizes * 0.9, index=list(units))
    return Outlook.from_totals(
        totals, period="2026Q4", as_of="2026-09-30", **{"last_year": last, **more}
    )


SEEN = an_outlook()


def cents(amounts):
    """The sum as people add it: in decimals, not in binary fractions."""
    return sum((Decimal(repr(float(amount))) for amount in amounts), Decimal(0))


def must_add_up(plan):
    for node, below in enumerate(plan.tree.children):
        if len(below):
            assert cents(plan.amounts[below]) == Decimal(repr(float(plan.amounts[node])))
    assert cents(plan.targets) == Decimal(repr(float(plan.target)))


def test_siblings_have_the_same_chance_and_the_top_level_is_that_of_allocate():
    plan = cascade(3300, SEEN, KEYS, unit=0.01)
    must_add_up(plan)
    for below in plan.tree.children:
        if len(below):
            assert np.ptp(plan.chances[below]) < 0.002
    channels = pd.DataFrame(
        {
            "web": SEEN.totals[["An", "Bo"]].sum(axis=1),
            "store": SEEN.totals[["Cy", "Di", "Ed"]].sum(axis=1),
        }
    )
    flat = allocate(3300, Outlook.from_totals(channels, period="2026Q4", as_of="2026-09-30"))
    assert plan.at("channel")["target"].to_dict() == pytest.approx(flat.targets.to_dict(), abs=0.02)
    assert plan.company_probability == pytest.approx(flat.company_probability)


def test_proportional_methods_by_hand():
    weights = dict(zip(PEOPLE, [1, 2, 3, 4, 0], strict=True))
    able = {unit: 120 * weight for unit, weight in weights.items()}
    for name, options in (("share", {"shares": weights}), ("capacity", {"capacity": able})):
        plan = cascade(1000, SEEN, KEYS, by=name, unit=1, **options)
        assert plan.targets.tolist() == [100, 200, 300, 400, 0]
    plan = cascade(1000, SEEN, KEYS, by="history", unit=1)
    assert plan.targets.tolist() == [100, 150, 200, 250, 300]
    assert plan.nodes()["growth"].iloc[0] == pytest.approx(1000 / 2700 - 1)


def test_a_lock_anywhere_moves_only_what_it_must_and_can_be_let_go():
    plain = cascade(3300, SEEN, KEYS, unit=1)
    locked = plain.relock({"C": 1000})
    assert locked.at("team").loc["C", "target"] == 1000
    assert locked.at("team").loc["C", "limit"] == "locked"
    must_add_up(locked)
    ratio = locked.targets["Cy"] / locked.targets["Di"]
    assert ratio == pytest.approx(plain.targets["Cy"] / plain.targets["Di"], rel=0.1)
    assert locked.targets["An"] == plain.targets["An"]  # the other channel does not notice
    both = locked.relock({"An": 200.0, "team=C": 990})
    assert both.targets["An"] == 200
    assert both.at("team").loc["C", "target"] == 990
    freed = both.relock({"An": None, "C": None})
    assert freed.targets.to_dict() == plain.targets.to_dict()


def test_what_holds_a_node_is_said():
    plan = cascade(
        3300, SEEN, KEYS, unit=1, floors={"web": 1200}, caps={"Di": 500}, max_growth={"Ed": 0.0}
    )
    held = plan.nodes().set_index("node")["limit"]
    assert held[["web", "Di", "Ed"]].tolist() == ["floor", "cap", "growth"]
    assert held["D"] == "below"
    assert plan.targets["Ed"] == 810
    must_add_up(plan)


amounts = st.integers(0, 1500)
nodes = st.sampled_from(["web", "store", "A", "B", "C", "D", *PEOPLE])


@settings(max_examples=60, deadline=None)
@given(
    target=st.integers(500, 6000),
    locks=st.dictionaries(nodes, amounts, max_size=2),
    floors=st.dictionaries(nodes, amounts, max_size=3),
    caps=st.dictionaries(nodes, amounts, max_size=3),
    by=st.sampled_from(["equal_probability", "history"]),
    unit=st.sampled_from([0.01, 1, 7]),
)
def test_whatever_the_limits_a_cascade_exists_exactly_when_a_linear_programme_has_one(
    target, locks, floors, caps, by, unit
):
    assume(not ({"A", "An"} <= {*locks} or {"B", "Bo"} <= {*locks} or {"D", "Ed"} <= {*locks}))
    limits = {"locks": locks, "floors": floors, "caps": caps}
    tree = grow_tree(PEOPLE, KEYS)
    own, problems = read_node_limits(tree, np.full(tree.n_nodes, np.nan), **limits)
    assume(not problems)
    _, problems = bound(tree, own, target)
    summing = tree.sums(np.eye(5)).T
    low, high = own.lower, own.upper
    told = np.vstack([-summing, summing[np.isfinite(high)]])
    most = np.concatenate(
        [-np.where(own.locked, own.locks, np.nan_to_num(own.floors)), high[np.isfinite(high)]]
    )
    # A lock must also obey the node's own floor and cap.
    clash = (low > high).any() or any(
        own.locks[n] < np.nan_to_num(own.floors[n])
        or own.locks[n] > np.nan_to_num(own.caps[n], nan=np.inf)
        for n in np.flatnonzero(own.locked)
    )
    answer = linprog(np.zeros(5), A_ub=told, b_ub=most, A_eq=np.ones((1, 5)), b_eq=[target])
    feasible = answer.status == 0 and not clash
    if not feasible:
        assert problems
        with pytest.raises(TargetError):
            cascade(target, SEEN, KEYS, by=by, unit=unit, **limits)
        return
    assert not problems
    plan = cascade(target, SEEN, KEYS, by=by, unit=unit, **limits)
    must_add_up(plan)
    assert (plan.amounts >= low - 1e-6).all()
    assert (plan.amounts <= high + 1e-6).all()
    assert (plan.amounts[own.locked] == own.locks[own.locked]).all()


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(PEOPLE), target=st.integers(1000, 5000))
def test_the_order_of_the_units_changes_nothing(order, target):
    plan = cascade(target, SEEN, KEYS, unit=1)
    other = cascade(target, SEEN.only(order), KEYS.loc[order[::-1]], unit=1)
    assert other.targets[PEOPLE].tolist() == plan.targets.tolist()


@settings(max_examples=25, deadline=None)
@given(low=st.integers(800, 4500), more=st.integers(1, 800), lock=st.integers(300, 700))
def test_a_higher_target_asks_less_of_nobody(low, more, lock):
    limits = {"locks": {"store": lock + 500}, "floors": {"Bo": 100}}
    below = cascade(low + lock + 500, SEEN, KEYS, unit=0.01, **limits)
    above = cascade(low + lock + 500 + more, SEEN, KEYS, unit=0.01, **limits)
    assert (above.amounts >= below.amounts - 0.011).all()


def test_thousands_of_people_add_up_and_obey():
    units = [f"p{at}" for at in range(1500)]
    keys = pd.DataFrame(
        {
            "channel": [f"c{at % 5}" for at in range(1500)],
            "team": [f"t{at % 75}" for at in range(1500)],
        },
        index=units,
    )
    seen = an_outlook(120, units)
    target = float(round(seen.target_at(0.4)))
    plan = cascade(
        target, seen, keys, unit=1, locks={"t3": 9000, "p7": 500}, caps=1000, floors={"c1": 200e3}
    )
    must_add_up(plan)
    assert plan.targets.max() <= 1000
    assert plan.at("team").loc["t3", "target"] == 9000
    assert plan.targets["p7"] == 500


def test_contradictions_at_several_levels_are_told_at_once():
    with pytest.raises(TargetError) as failed:
        cascade(
            3000,
            SEEN,
            KEYS,
            locks={"C": 500, "Cy": 400, "Di": 300},
            floors={"web": 900, "An": 50},
            caps={"A": 100, "B": 200, "An": 20},
        )
    text = failed.value.text()
    assert "Locks and floors below a node add up to more than the node may carry" in text
    assert "C: 400 + 300 = 700 > 500" in text
    assert "cannot carry what the node has to" in text
    assert "web: 50 + 200 = 250 < 900" in text
    assert "floor is above its cap" in text
    assert "下级的锁定金额与下限之和" in failed.value.text("zh")


def test_locks_above_the_total_and_caps_below_it():
    with pytest.raises(TargetError, match=r"add up to more than the target of all") as failed:
        cascade(1000, SEEN, KEYS, locks={"web": 800, "Ed": 400})
    assert "200 too much" in str(failed.value)
    assert "web: 800 (locks), Ed: 400 (locks)" in str(failed.value)
    with pytest.raises(TargetError, match=r"do not leave room for the target") as failed:
        cascade(5000, SEEN, KEYS, caps={"web": 800, "store": 1000}, max_growth={"An": 0})
    assert "3,200 short" in str(failed.value)


def test_names_that_do_not_tell_which_node_is_meant():
    with pytest.raises(TargetError, match="stands in more than one place") as failed:
        cascade(3000, SEEN, KEYS.assign(team=["web", "B", "C", "C", "D"]), locks={"web": 9})
    assert "web: channel=web ; team=web" in str(failed.value)
    keys = KEYS.assign(team=["A", "B", "A", "A", "D"])
    plan = cascade(3000, SEEN, keys, locks={"store / A": 900}, unit=1)
    assert plan.at("team").loc["store / A", "target"] == 900
    with pytest.raises(TargetError, match="names the same node twice"):
        cascade(3000, SEEN, KEYS, locks={"web": 9, "channel=web": 8})
    with pytest.raises(TargetError, match="units that the sales data do not have"):
        cascade(3000, SEEN, KEYS, floors={"wbe": 9})


def test_methods_that_lack_their_weights():
    with pytest.raises(TargetError, match="Some units have no value in capacity"):
        cascade(3000, SEEN, KEYS, by="capacity", capacity={"An": 3})
    with pytest.raises(TargetError, match="All values in shares are zero"):
        cascade(3000, SEEN, KEYS, by="share", shares=dict.fromkeys(PEOPLE, 0))
    with pytest.raises(TargetError, match="no such way of splitting") as failed:
        cascade(3000, SEEN, KEYS, by="magic")
    assert all(method in str(failed.value) for method in CASCADE_METHODS)
    with pytest.raises(TargetError, match=r"no such level"):
        cascade(3000, SEEN, KEYS).at("store")


def test_a_target_beyond_all_paths_is_said_and_still_splits():
    plan = cascade(90000, SEEN, KEYS, unit=1)
    must_add_up(plan)
    assert [notice.code for notice in plan.notices] == ["target.above_all_paths"]
    assert cascade(10, SEEN, KEYS).notices[0].code == "target.below_all_paths"
