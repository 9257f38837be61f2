"""An earlier engine lends its backtest; whenever it must not, everything is learnt anew."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.forecast.engine import draw_paths, fit_engine

HORIZON = 28


@pytest.fixture(scope="module")
def whole(simulated):
    n = 620
    promo = (np.random.default_rng(1).random((n, 2)) < 0.2).astype(float)
    return simulated(2, 500, known={"promo": promo}).panel


@pytest.fixture(scope="module")
def earlier(whole):
    return fit_engine(whole.until(490), horizon=HORIZON + 10)


def codes(engine):
    return {notice.code for notice in engine.notices}


def reason(engine):
    return next(n.facts["reason"]["en"] for n in engine.notices if n.code.endswith("learnt_anew"))


def test_the_past_is_not_replayed_again_yet_measured_on_what_was_sold_since(whole, earlier):
    later = fit_engine(whole, horizon=HORIZON, earlier=earlier)
    assert "forecast.learnt_anew" not in codes(later)
    assert later.learnt == earlier.learnt == whole.dates[489]
    assert later.as_of == whole.as_of
    blocks = HORIZON // 7
    for then, now in zip(earlier.fit.origins, later.fit.origins, strict=True):
        assert then.cutoff == now.cutoff
        np.testing.assert_array_equal(now.forecasts, then.forecasts[:, :blocks])
    # The newest origins had part of their horizon ahead of them; ten days more are known by now.
    last = later.fit.origins[-1]
    known = whole.sales[last.cutoff : last.cutoff + HORIZON].reshape(blocks, 7, 2).sum(axis=1)
    np.testing.assert_allclose(last.actual, known)


def test_on_the_same_day_the_same_bytes(whole):
    first = fit_engine(whole, horizon=HORIZON)
    again = fit_engine(whole, horizon=HORIZON, earlier=first)
    np.testing.assert_array_equal(
        draw_paths(first, n_paths=50).blocks, draw_paths(again, n_paths=50).blocks
    )


def test_a_lent_backtest_says_nearly_what_one_of_its_own_would(whole, earlier):
    own = draw_paths(fit_engine(whole, horizon=HORIZON), n_paths=400)
    lent = draw_paths(fit_engine(whole, horizon=HORIZON, earlier=earlier), n_paths=400)
    for share in (0.1, 0.5, 0.9):
        a, b = (paths.totals().sum(axis=1).quantile(share) for paths in (own, lent))
        assert abs(a / b - 1) < 0.05


def test_a_block_cut_short_brings_its_share(whole, earlier):
    later = fit_engine(whole, horizon=24, earlier=earlier)
    then, now = earlier.fit.origins[0], later.fit.origins[0]
    assert now.forecasts.shape[1] == 4  # 3 weeks and 3 days
    share = then.exposure[21:24].sum(axis=0) / then.exposure[21:28].sum(axis=0)
    spoken = np.isfinite(then.forecasts[:, 3]).all(axis=1)
    np.testing.assert_allclose(
        now.forecasts[spoken, 3], then.forecasts[spoken, 3] * share, rtol=1e-5
    )


def test_a_history_that_starts_later_keeps_the_origins_in_place(whole, earlier):
    first = earlier.fit.origins[0].cutoff // 2
    cut = replace(
        whole,
        dates=whole.dates[first:],
        sales=whole.sales[first:],
        open=whole.open[first:],
        known={name: values[first:] for name, values in whole.known.items()},
    )
    later = fit_engine(cut, horizon=HORIZON, earlier=earlier)
    assert "forecast.learnt_anew" not in codes(later)
    assert later.fit.origins[0].cutoff == earlier.fit.origins[0].cutoff - first
    whole_again = fit_engine(whole, horizon=HORIZON, earlier=earlier)
    np.testing.assert_allclose(later.fit.origins[-1].actual, whole_again.fit.origins[-1].actual)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e, p: (replace(e, units=("x", "y")), p, HORIZON), "units are others"),
        (lambda e, p: (replace(e, frequency="W"), p, HORIZON), "steps are others"),
        (lambda e, p: (e, p.until(480), HORIZON), "later dates"),
        (lambda e, p: (e, p, HORIZON + 30), "does not reach as far"),
        (lambda e, p: (e, replace(p, known={}), HORIZON), "known ahead are others"),
        (
            lambda e, p: (replace(e, learnt=e.learnt - pd.Timedelta(days=30)), p, HORIZON),
            "more than four weeks ago",
        ),
        (lambda e, p: (e, replace(p, sales=p.sales * 1.03), HORIZON), "restated"),
    ],
)
def test_what_does_not_fit_is_learnt_anew_and_the_reason_said(whole, earlier, change, said):
    engine, panel, horizon = change(earlier, whole)
    fitted = fit_engine(panel, horizon=horizon, earlier=engine)
    assert said in reason(fitted)
    assert fitted.learnt == panel.as_of


def test_a_few_late_refunds_are_no_reason_to_learn_anew(whole, earlier):
    sales = whole.sales.copy()
    sales[480:489] *= 0.98
    fitted = fit_engine(replace(whole, sales=sales), horizon=HORIZON, earlier=earlier)
    assert "forecast.learnt_anew" not in codes(fitted)
