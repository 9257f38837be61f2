"""Simple forecasts of the level."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.forecast.candidates import History, level_candidates
from workbench.forecast.design import build_design


def history(sales, exposure, cutoff, block=7):
    return History.at(sales, exposure, cutoff, block)


def rates(panel, sales, cutoff, n_steps, block=7, frequency="D"):
    """Candidates' log rates where every open step is worth the same."""
    design = build_design(panel, n_steps)
    exposure = design.base[: cutoff + n_steps]
    known = history(sales, exposure, cutoff, block)
    return level_candidates(known, design, n_steps, frequency)


def test_the_recent_level_by_hand():
    sales = np.array([[10.0], [np.nan], [4.0], [7.0], [99.0]])
    exposure = np.array([[1.0], [1.0], [0.5], [2.0], [1.0]])
    known = history(sales, exposure, 4, block=1)
    typical = (10 + 4 + 7) / 3.5  # all of the last year that was observed
    assert known.typical[0] == pytest.approx(typical)
    # the last two steps: 4 + 7 over 2.5, and half an open day at the typical 6
    assert known.recent(2)[0] == pytest.approx(np.log((11 + 0.5 * typical) / 3.0))
    assert np.isnan(known.recent(5)[0])


def test_nothing_after_the_cutoff_is_counted():
    sales = np.arange(1.0, 41.0).reshape(20, 2)
    exposure = np.ones((25, 2))
    known = history(sales, exposure, 10, block=1)
    changed = sales.copy()
    changed[10:] = -1e9
    other = history(changed, exposure, 10, block=1)
    np.testing.assert_array_equal(known.sold, other.sold)
    assert (known.sold[10:] == 0).all()
    total, worth = known.over(np.array([-1, 3, 12]))
    assert total.tolist() == sales[3].tolist()
    assert worth.tolist() == [1.0, 1.0]


def test_constant_sales_are_forecast_by_every_candidate(simulated):
    panel = simulated(2, 820).panel
    sales = np.full((820, 2), 7.25)
    for name, values in rates(panel, sales, 820, 91).items():
        known = values[np.isfinite(values)]
        np.testing.assert_allclose(np.exp(known), 7.25, rtol=1e-6, err_msg=name)


def test_steady_growth_on_a_steady_season_is_forecast_exactly(simulated):
    """Every year 20 % above the one before, the same weeks apart: what the rule is made for."""
    panel = simulated(1, 1100).panel
    day = np.arange(1100 + 84)
    season = np.exp(0.5 * np.sin(2 * np.pi * (day // 7 % 52) / 52))
    truth = (100 * season * 1.2 ** (day // 364))[:, None]
    cutoff = 364 * 2 + 140  # within a year, so that the growth has been running for a while
    said = rates(panel, truth[:1100], cutoff, 84)
    wanted = truth[cutoff : cutoff + 84].sum()
    for window in (8, 13):
        total = np.exp(said[f"last year × growth {window}"][:, 0]).sum() * 7
        assert total == pytest.approx(wanted, rel=0.01)
    flat = np.exp(said["level 4"][:, 0]).sum() * 7
    assert abs(flat / wanted - 1) > 0.1


def test_a_young_unit_takes_the_season_of_the_others(simulated):
    panel = simulated(6, 900).panel
    day = np.arange(900)
    season = np.exp(0.6 * np.sin(2 * np.pi * day / 364))[:, None]
    sales = np.tile(season * 50, (1, 6))
    sales[:800, 5] = np.nan
    said = rates(panel, sales, 900, 84)
    assert np.isfinite(said["level 8 × shared season"]).all()
    young = said["level 8 × shared season"][:, 5]
    old = said["level 8 × shared season"][:, 0]
    np.testing.assert_allclose(young - young.mean(), old - old.mean(), atol=0.02)


def test_a_young_unit_of_a_kind_takes_the_season_of_its_kind(simulated):
    """Half the shops sell in summer, half in winter: all together there is no season at all."""
    panel = simulated(6, 900).panel
    kind = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    wave = np.sin(2 * np.pi * np.arange(984) / 364)[:, None]
    truth = 50 * np.exp(0.6 * wave * np.where(kind == 0, 1.0, -1.0))
    sales = truth[:900].copy()
    sales[:800, 4:] = np.nan
    said = rates(replace(panel, attributes={"kind": kind}), sales, 900, 84)
    own = said["level 8 × siblings' season"]
    np.testing.assert_allclose(own[:, 4], own[:, 0], atol=0.03)
    wanted = np.log(truth[900:, 4:].mean(axis=0))
    missed = np.abs(np.log(np.exp(own).mean(axis=0))[4:] - wanted)
    shared = np.log(np.exp(said["level 8 × shared season"]).mean(axis=0))[4:]
    assert (missed < 0.25 * np.abs(shared - wanted)).all()
    assert "level 8 × siblings' season" not in rates(panel, sales, 900, 84)


def test_kinship_by_hand(simulated):
    panel = replace(
        simulated(3, 100).panel, attributes={"kind": np.array([0.0, 0.0, 1.0]), "same": np.ones(3)}
    )
    kin = build_design(panel, 7).kinship
    # Distances² in standard deviations: 0 within the kind, 4.5 across; usual 4 × 4.5 ÷ 6 = 3.
    assert kin == pytest.approx(
        np.array([[1, 1, np.exp(-6)], [1, 1, np.exp(-6)], [np.exp(-6), np.exp(-6), 1]])
    )


@pytest.mark.parametrize(("frequency", "block"), [("W", 1), ("M", 1), ("D", 7)])
def test_blocks_of_every_frequency(simulated, frequency, block):
    n = {"D": 1000, "W": 140, "M": 40}[frequency]
    shop = simulated(2, n, frequency=frequency)
    said = rates(shop.panel, shop.panel.sales, n, 12, block, frequency)
    assert {values.shape for values in said.values()} == {(-(-12 // block), 2)}
    assert all(np.isfinite(values).any() for values in said.values())


def test_a_level_that_exploded_is_capped(simulated):
    panel = simulated(1, 900).panel
    sales = np.full((900, 1), 10.0)
    sales[400:540] = 1e-6  # last year's weeks were all but empty: growth is out of measure
    said = rates(panel, sales, 900, 84)
    typical = np.log(10.0)
    for values in said.values():
        known = values[np.isfinite(values)]
        assert (known <= typical + np.log(8.0) + 0.1).all()


def test_money_in_another_unit_moves_every_candidate_alike(simulated):
    shop = simulated(3, 900)
    one = rates(shop.panel, shop.panel.sales, 900, 91)
    other = rates(shop.panel, shop.panel.sales * 1024, 900, 91)
    for name in one:
        np.testing.assert_allclose(other[name] - one[name], np.log(1024), atol=1e-9)


def test_a_sparse_leaf_takes_its_share_of_what_all_sell(simulated):
    panel = simulated(3, 820).panel
    sales = np.full((820, 3), 10.0)
    sales[-56:] = 15.0  # all units grow by half in the last eight weeks
    sales[:, 2] = np.where(np.arange(820) % 4 == 0, 8.0, 0.0)  # sells every fourth day, ungrown
    said = rates(panel, sales, 820, 28)["share of all 8"]
    assert np.isnan(said[:, :2]).all()  # units with a level of their own have no need of it
    assert np.ptp(said[:, 2]) == 0
    # 2.0 a day over the last year × the level of all units beside their year, each weighing alike:
    # (1.5 + 1.5) ÷ (308 + 56 × 1.5) × 364 and the leaf's own 1
    year = (308 * 10 + 56 * 15) / 364
    level = (15 / year + 15 / year + 1) / 3
    assert np.exp(said[0, 2]) == pytest.approx(2.0 * level, rel=1e-3)


def test_a_sparse_unit_alone_has_nobody_to_share_with(simulated):
    panel = simulated(1, 820).panel
    sales = np.where(np.arange(820) % 4 == 0, 8.0, 0.0)[:, None]
    assert not [name for name in rates(panel, sales, 820, 28) if name.startswith("share")]
