"""Joint sample paths of block totals."""

import numpy as np
import pytest

from workbench.forecast.calibrate import calibrate
from workbench.forecast.draw import draw_blocks
from workbench.forecast.residuals import LEAN, Residuals

HORIZON = 91


def past(n_units=3, blocks=13, origins=12, sd=0.08, common=0.05, seed=0) -> Residuals:
    """Errors of a level shared by all plus each unit's own, constant over the horizon."""
    rng = np.random.default_rng(seed)
    shock = rng.normal(0, common, origins)
    own = rng.normal(0, sd, (origins, n_units))
    totals = shock[:, None] + own
    jitter = rng.normal(0, 0.05, (origins, blocks, n_units))
    company = shock + own.mean(axis=1)
    return Residuals(
        blocks=totals[:, None, :] + jitter,
        totals=totals,
        company=np.tile(company[:, None], (1, blocks)),
        company_totals=company,
        importance=np.ones(origins),
        independent=float(origins),
        cutoffs=400 + HORIZON * np.arange(origins, dtype=np.intp),
        horizon=HORIZON,
        change=np.ones(origins),
        unseen=np.zeros(blocks),
    )


def draw(residuals, expected, n_paths=4000, seed=0):
    rng = np.random.default_rng(seed)
    typical = np.asarray(expected).mean(axis=0)
    return draw_blocks(np.asarray(expected), typical, residuals, n_paths=n_paths, rng=rng)


@pytest.fixture(scope="module")
def expected():
    season = 1 + 0.3 * np.sin(np.arange(13))
    return season[:, None] * np.array([100.0, 40.0, 900.0])


def test_the_sum_follows_its_own_calibration(expected):
    residuals = past()
    company = calibrate(
        residuals.company_totals[:, None],
        residuals.cutoffs,
        residuals.importance,
        horizon=HORIZON,
        independent=residuals.independent,
    )
    total = np.sort(draw(residuals, expected).sum(axis=(1, 2)))
    ranks = (np.arange(4000) + 0.5) / 4000
    lean = LEAN * expected.sum()
    wanted = (expected.sum() + lean) * np.exp(company.errors(ranks[:, None])[:, 0]) - lean
    np.testing.assert_allclose(total, wanted, rtol=1e-6)


def test_the_middle_is_the_forecast(expected):
    drawn = draw(past(), expected)
    assert np.median(drawn.sum(axis=(1, 2))) == pytest.approx(expected.sum(), rel=0.005)
    middle = np.median(drawn.sum(axis=1), axis=0)
    np.testing.assert_allclose(middle, expected.sum(axis=0), rtol=0.03)


def test_one_unit_follows_its_calibration_alone(expected):
    drawn = draw(past(1), expected[:, :1])
    total = drawn.sum(axis=(1, 2))
    assert np.median(total) == pytest.approx(expected[:, 0].sum(), rel=0.005)


def test_units_that_missed_together_move_together(expected):
    together = draw(past(common=0.2, sd=0.03), expected).sum(axis=1)
    by_themselves = draw(past(common=0.0, sd=0.2), expected).sum(axis=1)
    small = [0, 1]
    assert np.corrcoef(together[:, small].T)[0, 1] > 0.8
    assert abs(np.corrcoef(by_themselves[:, small].T)[0, 1]) < 0.6


def test_weeks_of_one_path_keep_their_level(expected):
    errors = past().blocks[:, :, 0]
    drawn = np.log(draw(past(), expected)[:, :, 0] / expected[:, 0])
    kept = np.corrcoef(errors[:, 0], errors[:, -1])[0, 1]
    assert np.corrcoef(drawn[:, 0], drawn[:, -1])[0, 1] > 0.5 * kept > 0.3


def test_wider_errors_make_wider_totals(expected):
    narrow = draw(past(sd=0.03, common=0.02), expected).sum(axis=1)
    wide = draw(past(sd=0.15, common=0.1), expected).sum(axis=1)
    assert (
        np.ptp(np.quantile(wide, [0.1, 0.9], axis=0), axis=0)
        > 2 * np.ptp(np.quantile(narrow, [0.1, 0.9], axis=0), axis=0)
    ).all()


def test_what_is_closed_stays_exactly_zero(expected):
    closed = expected.copy()
    closed[3:6, 1] = 0.0
    drawn = draw(past(), closed)
    assert (drawn[:, 3:6, 1] == 0).all()
    assert (drawn[:, [0, 1, 2, 6], 1] > 0).any()


def test_a_unit_that_is_never_open_sells_nothing(expected):
    nothing = expected.copy()
    nothing[:, 2] = 0.0
    drawn = draw(past(), nothing)
    assert (drawn[:, :, 2] == 0).all()
    assert np.isfinite(drawn).all()


def test_nothing_at_all_is_drawn_as_nothing():
    assert (draw(past(), np.zeros((13, 3))) == 0).all()


def test_without_a_single_past_error_the_band_is_wide(expected):
    total = draw(None, expected).sum(axis=(1, 2))
    low, middle, high = np.quantile(total, [0.1, 0.5, 0.9]) / expected.sum()
    assert low < 0.75
    assert middle == pytest.approx(1.0, abs=0.02)
    assert high > 1.35


def test_a_giant_past_error_makes_no_infinite_future(expected):
    residuals = past()
    residuals.blocks[5, :, 0] = 40.0
    residuals.totals[5, 0] = 40.0
    drawn = draw(residuals, expected)
    assert np.isfinite(drawn).all()
    assert drawn.sum(axis=1)[:, 0].max() < 1e3 * expected[:, 0].sum()


def test_the_seed_decides(expected):
    one = draw(past(), expected, seed=5)
    np.testing.assert_array_equal(one, draw(past(), expected, seed=5))
    assert not np.array_equal(one, draw(past(), expected, seed=6))


@pytest.mark.parametrize("n_paths", [1, 2, 3, 501])
def test_any_number_of_paths(expected, n_paths):
    drawn = draw(past(), expected, n_paths=n_paths)
    assert drawn.shape == (n_paths, 13, 3)
    assert np.isfinite(drawn).all()
