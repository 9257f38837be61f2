"""Earlier targets: what is learnt from them is right, small where it should be, in time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from workbench.target.earlier import (
    ALIKE,
    NO_HABIT,
    SPREAD,
    beside_earlier,
    in_turn,
    learn,
    learn_from_targets,
)
from workbench.target.record import TrackRecord


def over(said, reached, *, units=1) -> pd.DataFrame:
    """Targets of consecutive quarters, ``units`` to the quarter."""
    said, reached = np.asarray(said, dtype=float), np.asarray(reached, dtype=bool)
    group = np.arange(len(said)) // units
    start = pd.to_datetime("2020-01-01") + pd.to_timedelta(91 * group, unit="D")
    return pd.DataFrame(
        {
            "unit": [f"u{n % units}" for n in range(len(said))],
            "group": group,
            "start": start,
            "end": start + pd.Timedelta(days=90),
            "as_of": start - pd.Timedelta(days=1),
            "probability": said,
            "reached": reached,
        }
    )


def test_one_target_by_hand():
    """Bayes' rule with the lump and the normal density, integrated finely."""
    shift = np.linspace(-6, 6, 24_001)
    density = np.exp(-0.5 * (shift / SPREAD) ** 2)
    density /= density.sum()
    missed = 1 - expit(logit(0.7) + shift)
    habit = (1 - NO_HABIT) * density * missed
    none = NO_HABIT * 0.3
    expected = (none * 0.7 + (habit * expit(logit(0.7) + shift)).sum()) / (none + habit.sum())
    found = learn(over([0.7], [False]))
    assert found.likely(0.7).iloc[0] == pytest.approx(expected, abs=2e-4)
    assert found.habit == pytest.approx(habit.sum() / (none + habit.sum()), abs=6e-3)
    assert (found.targets, found.reached, found.expected, found.periods) == (1, 0, 0.7, 1)


def test_targets_of_one_period_tell_less_than_those_of_many():
    said, reached = [0.5] * 8, [False] * 8
    many, one = learn(over(said, reached)), learn(over(said, reached, units=8))
    assert many.likely(0.5).iloc[0] < one.likely(0.5).iloc[0] < 0.5
    evidence = 8 / (1 + ALIKE * 7)
    assert one.likely(0.5).iloc[0] == pytest.approx(
        learn(over([0.5] * 3, [False] * 3)).likely(0.5).iloc[0], abs=0.03
    ), f"eight alike tell as much as {evidence:.1f} apart"


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=12),
    st.lists(st.floats(0, 1), min_size=2, max_size=6),
)
def test_probabilities_stay_probabilities_and_in_order(past, asked):
    found = learn(over(*zip(*past, strict=True)))
    likely = found.likely(pd.Series(sorted(asked)))
    assert likely.between(0, 1).all()
    assert (np.diff(likely) >= -1e-12).all()
    assert found.weights.sum() == pytest.approx(1)


def test_reached_and_missed_mirror_each_other():
    rng = np.random.default_rng(3)
    said, hit = rng.uniform(0.05, 0.95, 30), rng.random(30) < 0.3
    low, high = learn(over(said, hit)), learn(over(1 - said, ~hit))
    assert low.likely(0.37).iloc[0] == pytest.approx(1 - high.likely(0.63).iloc[0], abs=1e-12)


def test_nothing_that_ends_later_is_learnt_from():
    rng = np.random.default_rng(4)
    table = over(rng.uniform(0.2, 0.8, 24), rng.random(24) < 0.4, units=4)
    before = in_turn(table)
    changed = table.copy()
    changed.loc[12:, "reached"] = ~changed.loc[12:, "reached"]
    after = in_turn(changed)
    assert before[:16].tolist() == after[:16].tolist()
    assert not np.allclose(before[16:], after[16:])


@pytest.mark.parametrize(("shift", "gains"), [(0.0, -0.012), (-2.0, 0.06), (1.5, 0.02)])
def test_simulated_setters_with_and_without_a_habit(shift, gains):
    """Brier score, ten units and eight quarters of shared luck; honest targets lose little."""
    from scipy.stats import norm

    rng = np.random.default_rng(5)
    better = []
    for _ in range(25):
        said = rng.beta(2, 2, 80)
        shared = np.repeat(rng.normal(size=8), 10) * np.sqrt(0.3)
        luck = norm.cdf(shared + np.sqrt(0.7) * rng.normal(size=80))
        table = over(said, luck < expit(logit(said) + shift), units=10)
        hit = table["reached"].to_numpy(dtype=float)
        better.append(np.mean((said - hit) ** 2 - (in_turn(table).to_numpy() - hit) ** 2))
    assert np.mean(better) > gains


def test_all_units_and_single_ones_are_learnt_apart():
    cases = over([0.5, 0.6, 0.7] * 4, [False] * 12, units=3)
    cases["unit"] = ["", "a", "b"] * 4
    cases["target"], cases["outcome"] = 100.0, 60.0
    cases.loc[[1, 4], "outcome"] = 99.996
    cases.loc[2, "target"] = np.nan
    whole, units = learn_from_targets(TrackRecord(cases, np.empty((12, 99)), pd.DataFrame()))
    assert (whole.targets, whole.reached, whole.periods) == (4, 0, 4)
    assert (units.targets, units.reached, units.periods) == (7, 2, 4)
    asked = pd.DataFrame({"target": [9.0, 5.0, 4.0], "probability": 0.5}, index=["", "a", "new"])
    table = beside_earlier(asked, whole, units)
    assert table["targets"].tolist() == [4, 4, 0]
    assert table["reached"].tolist()[:2] == [0, 2]
    assert table["by_earlier"].tolist() == [
        whole.likely(0.5).iloc[0],
        units.likely(0.5).iloc[0],
        units.likely(0.5).iloc[0],
    ]


def test_a_target_judged_several_times_counts_once_as_it_was_first():
    cases = over([0.5, 0.25], [False, True]).assign(target=100.0, outcome=[60.0, 100.0])
    later = cases.assign(probability=[0.01, 0.99], as_of=cases["as_of"] + pd.Timedelta(days=40))
    both = pd.concat([later, cases], ignore_index=True)
    _, units = learn_from_targets(TrackRecord(both, np.empty((4, 99)), pd.DataFrame()))
    assert (units.targets, units.reached, units.expected) == (2, 1, 0.75)
