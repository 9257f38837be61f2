"""Boosted trees on all units' past together: a forecast of the level where simple rules interact.

The only place that imports scikit-learn. At each past origin the trees are shown what the simple
candidates know (recent levels, last year, the season all units share), the plans and the time of
year, and learn the ratio of a later block's rate to the recent level (Friedman 2001; Poisson loss,
so that the mean is learnt and not the middle). Trained on what lies before the cutoff, alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.candidates import History
from workbench.forecast.design import Design
from workbench.panel.panel import Frequency

Floats = NDArray[np.float64]
Places = int | NDArray[np.intp]

NAME = "boosting"
YEAR: dict[Frequency, int] = {"D": 52, "W": 52, "M": 12}
LEVELS: dict[Frequency, tuple[int, ...]] = {
    "D": (8, 4, 13, 26, 52),
    "W": (8, 4, 13, 26, 52),
    "M": (3, 2, 6, 12, 24),
}
"""Blocks of the recent levels; the first is what everything is a ratio to."""
MOST_ROWS = 25_000
LEAST_ROWS = 200
"""Fewer examples than this teach a tree nothing that the simple candidates do not say."""
LARGEST_RATIO = float(np.exp(2.0))
NOISE = 0.01
"""Variance of a block's ratio that even a large unit has."""
DIGITS = 5
"""Of the features: the same trees whatever order and currency the units come in."""
BINS = 64
TREES = {
    "max_iter": 60,
    "learning_rate": 0.13,
    "max_leaf_nodes": 24,
    "min_samples_leaf": 30,
    "l2_regularization": 5.0,
    "max_bins": BINS,
}


@dataclass(frozen=True, eq=False)
class Blocks:
    """Block sums that end with the cutoff, and their running sums.

    Attributes:
        worth: (blocks, units), exposure of past and coming blocks, known days or not.
        plans: (blocks, units, columns), days open and known-ahead columns.
        attributes: (columns, units), what a unit is and stays.
        season: (blocks, 4), two harmonics of the time of year, counted from the cutoff.
        typical: (units,), usual sales per exposure.
        sums: (past + 1, units), running sums of sales and of exposure on known days.
        pooled: the same over units, each weighing the same.
    """

    worth: Floats
    plans: Floats
    attributes: Floats
    season: Floats
    typical: Floats
    sums: tuple[Floats, Floats]
    pooled: tuple[Floats, Floats]

    @property
    def n_past(self) -> int:
        """Blocks before the cutoff."""
        return len(self.sums[0]) - 1

    def level(self, start: Places, stop: Places) -> Floats:
        """(…, units) log rate of the blocks from each start up to each stop; NaN where unknown."""
        first, last = np.asarray(start), np.asarray(stop)
        inside = (first >= 0)[..., None]
        first, last = np.maximum(first, 0), np.maximum(last, 0)
        sold, worth = (part[last] - part[first] for part in self.sums)
        lean = 0.5
        rate = (np.maximum(sold, 0.0) + lean * self.typical) / (worth + lean)
        floor = np.maximum(rate, 1e-3 * self.typical)
        return np.where(inside & (worth > 0), np.log(floor), np.nan)

    def shared_level(self, start: Places, stop: Places) -> Floats:
        """(…,) log rate of all units together; NaN where not known."""
        first, last = np.asarray(start), np.asarray(stop)
        inside = first >= 0
        first, last = np.maximum(first, 0), np.maximum(last, 0)
        sold, worth = (part[last] - part[first] for part in self.pooled)
        known = inside & (worth > 0) & (sold > 0)
        rate = np.divide(sold, worth, out=np.ones(known.shape), where=known)
        return np.where(known, np.log(rate), np.nan)


def boosting_rates(
    history: History, exposure: Floats, design: Design, frequency: Frequency
) -> dict[str, Floats]:
    """(blocks, units) log rates of the coming blocks; empty where the history is too short."""
    blocks = lay_blocks(history, exposure, design, YEAR[frequency])
    horizon = len(blocks.worth) - blocks.n_past
    features, ratios, weights = _examples(blocks, horizon, frequency)
    if len(ratios) < LEAST_ROWS or not (ratios > 0).any():
        return {}
    from sklearn.ensemble import HistGradientBoostingRegressor

    told = np.isfinite(features).any(axis=0)
    ahead = _features(blocks, blocks.n_past, np.arange(horizon), frequency)
    features, ahead = _binned(features[:, told], ahead[:, told])
    trees = HistGradientBoostingRegressor(
        loss="poisson", early_stopping=False, random_state=0, **TREES
    )
    trees.fit(features, ratios, sample_weight=weights)
    said = trees.predict(ahead).reshape(horizon, -1)
    level = blocks.level(max(0, blocks.n_past - LEVELS[frequency][0]), blocks.n_past)
    return {NAME: level + np.log(np.clip(said, 1 / LARGEST_RATIO, LARGEST_RATIO))}


def lay_blocks(history: History, exposure: Floats, design: Design, year: int) -> Blocks:
    """What was known at the cutoff of ``history``, summed by blocks that end there."""
    block, cutoff = history.block, history.cutoff
    n_past, n_steps = cutoff // block, len(exposure)
    starts = np.arange(cutoff - n_past * block, n_steps, block)

    def summed(values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values[:n_steps], starts, axis=0))

    sold, known = summed(history.sold)[:n_past], summed(history.worth)[:n_past]
    worth, open_ = summed(exposure), summed(design.base)
    usual = np.maximum(worth[:n_past].mean(axis=0), 1e-9)
    most = np.maximum(open_[:n_past].max(axis=0), 1e-9)
    plans = [open_ / most, worth / usual, *(summed(column) for column in design.own)]
    angle = 2 * np.pi * (np.arange(len(starts)) - n_past)[:, None] / year
    season = np.concatenate([wave(k * angle) for k in (1, 2) for wave in (np.sin, np.cos)], axis=1)
    typical = np.maximum(history.typical, 1e-9)
    return Blocks(
        worth,
        np.stack(plans, axis=-1),
        design.attributes,
        season,
        typical,
        (_running(sold), _running(known)),
        (_running((sold / typical).sum(axis=1)), _running(known.sum(axis=1))),
    )


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])


def _features(blocks: Blocks, origin: int, steps: NDArray[np.intp], frequency: Frequency) -> Floats:
    """(steps × units, columns): what was known after ``origin`` blocks of those ``steps`` later."""
    anchor, *others = LEVELS[frequency]
    shape = (len(steps), len(blocks.typical))
    year_ago = origin - YEAR[frequency]
    level = blocks.level(max(0, origin - anchor), origin)
    before = blocks.level(year_ago - anchor, year_ago)
    shared_before = blocks.shared_level(year_ago - anchor, year_ago)
    shared_growth = blocks.shared_level(max(0, origin - anchor), origin) - shared_before
    size = np.log(blocks.typical)
    longer = blocks.level(origin - np.array(others), np.full(len(others), origin))
    fixed = [*(longer - level), level - before, np.full(shape[1], shared_growth)]
    fixed += [size - size.mean(), *blocks.attributes]
    at = origin + steps
    first, last = year_ago + steps - 1, np.minimum(year_ago + steps + 2, origin)
    shared = blocks.shared_level(first, last) - shared_before
    by_step = np.column_stack([steps, shared, blocks.season[at]])
    columns = [
        *(np.broadcast_to(values, shape) for values in fixed),
        blocks.level(first, last) - before,
        *(np.broadcast_to(values[:, None], shape) for values in by_step.T),
        *np.moveaxis(blocks.plans[at], 2, 0),
        *np.moveaxis(blocks.plans[at - 1], 2, 0),
    ]
    stacked = np.stack(columns, axis=-1).reshape(shape[0] * shape[1], -1)
    return np.asarray(np.round(stacked, DIGITS))


def _examples(blocks: Blocks, horizon: int, frequency: Frequency) -> tuple[Floats, Floats, Floats]:
    """Features, ratios to the recent level, and weights, of past origins and steps after them.

    The newer an example the more it counts, and the less the noisier its unit is.
    """
    year, anchor = YEAR[frequency], LEVELS[frequency][0]
    n_past, n_units = blocks.n_past, len(blocks.typical)
    first = anchor + (year if n_past > 2 * year else 0)
    origins = range(n_past - 1, first - 1, -1)
    kept = min(1.0, MOST_ROWS / max(len(origins) * horizon * n_units, 1))
    rng = np.random.default_rng(0)
    noise = _noise(blocks)
    # One order whatever the units are called: sums of floats depend on it.
    order = np.argsort(blocks.typical, kind="stable")
    parts: list[tuple[Floats, Floats, Floats]] = []
    for origin in origins:
        steps = np.arange(min(horizon, n_past - origin))
        steps = steps[rng.random(len(steps)) < kept]
        if not len(steps):
            continue
        features = _features(blocks, origin, steps, frequency).reshape(len(steps), n_units, -1)
        sold, known = (np.diff(part, axis=0)[origin + steps] for part in blocks.sums)
        level = np.exp(blocks.level(max(0, origin - anchor), origin))
        rate = np.divide(np.maximum(sold, 0.0), known, out=np.zeros_like(sold), where=known > 0)
        ratio = np.clip(rate / level, 0.0, LARGEST_RATIO)
        share = known / np.maximum(blocks.worth[origin + steps], 1e-9)
        weight = share / noise * 0.5 ** ((n_past - origin) / (2 * year))
        usable = (np.isfinite(ratio) & (weight > 0))[:, order]
        parts.append(
            (features[:, order][usable], ratio[:, order][usable], weight[:, order][usable])
        )
    if not parts:
        return np.zeros((0, 1)), np.zeros(0), np.zeros(0)
    features, ratios, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return features, ratios, weights


def _binned(features: Floats, ahead: Floats) -> tuple[Floats, Floats]:
    """Each column as the number of its bin among the examples; NaN stays.

    Equal shares of the examples per bin: the trees' own binning, which weighs the examples, takes
    as long as the trees themselves.
    """
    said = features.copy(), ahead.copy()
    for column in range(features.shape[1]):
        known = features[:, column]
        known = known[np.isfinite(known)]
        edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS, method="inverted_cdf"))
        for values in said:
            at = np.searchsorted(edges, values[:, column], side="left").astype(float)
            values[:, column] = np.where(np.isfinite(values[:, column]), at, np.nan)
    return said


def _noise(blocks: Blocks) -> Floats:
    """(units,) variance of a block's ratio to its unit's usual rate, from block to block."""
    sold, known = (np.diff(part, axis=0) for part in blocks.sums)
    seen = known > 0
    ratio = np.divide(sold, known * blocks.typical, out=np.zeros_like(sold), where=seen)
    both = seen[1:] & seen[:-1]
    moved = np.where(both, np.diff(ratio, axis=0) ** 2, 0.0).sum(axis=0)
    count = both.sum(axis=0)
    variance = np.divide(moved, 2 * count, out=np.ones_like(moved), where=count > 0) + NOISE
    return np.asarray(variance / np.median(variance))
