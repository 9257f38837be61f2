"""Joint sample paths of block totals from past errors.

A path is the forecast times a random combination of whole past error paths (the same combination
for all units, so that what moved together moves together). Mixing whole error paths by Gaussian
weights keeps their covariance over blocks and units; each unit's and the company's total is then
moved, rank by rank, onto its calibrated distribution.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.calibrate import Calibration, calibrate
from workbench.forecast.residuals import LEAN, Residuals
from workbench.forecast.unseen import unseen_factors

Floats = NDArray[np.float64]

LARGEST_LOG_ERROR = 2.5
UNKNOWN_LOG_ERROR = 0.35
LARGEST_MOVE = 3.0
ROUNDS = 2
CHUNK = 128
"""Units, or paths, that are worked on at a time."""


def draw_blocks(
    expected: Floats,
    typical: Floats,
    residuals: Residuals | None,
    *,
    n_paths: int,
    rng: np.random.Generator,
) -> Floats:
    """(n_paths, blocks, units) totals of blocks around ``expected`` (blocks, units).

    Without a single past error the total is put within a factor of two either way: wide, and said.
    """
    if residuals is None:
        residuals = _unknown(expected.shape)
    residuals = residuals.of_now()
    share = expected.sum(axis=0) / max(float(expected.sum()), 1e-300)
    company = _calibration(residuals, residuals.company_totals[:, None])
    shock = _mix(residuals.company[:, :, None], residuals.importance, n_paths, rng)
    shock = calibrated(shock, expected.sum(axis=1, keepdims=True), company)
    errors = shock
    if expected.shape[1] > 1:
        loading = _loadings(residuals, share)
        apart = residuals.blocks - loading * residuals.company[:, :, None]
        own = _mix(apart, residuals.importance, n_paths, rng)
        # What few origins leave open is the shock all units share; the units' own errors are many.
        own_totals = residuals.totals - loading * residuals.company_totals[:, None]
        errors = _joined(
            shock, own, loading, expected, _calibration(residuals, own_totals, typical)
        )
    lean = LEAN * typical
    paths = _sales(errors, expected, lean)
    del errors
    if expected.shape[1] > 1:
        # Unit by unit, then all together, in turns: each total ends on its calibrated distribution.
        margins = _calibration(residuals, residuals.totals, typical)
        for _ in range(ROUNDS):
            paths *= _unit_factors(paths, expected, lean, margins)[:, None, :]
            factor = _company_factor(paths, expected, float(lean.sum()), company)
            paths *= (factor[:, None] ** _moves(paths.sum(axis=1)))[:, None, :]
        factor = _company_factor(paths, expected, float(lean.sum()), company)
        paths *= factor[:, None, None]
    if residuals.unseen.any():
        paths *= unseen_factors(residuals.unseen, n_paths, rng)[:, :, None]
    return paths


def _sales(errors: Floats, expected: Floats, lean: Floats) -> Floats:
    """Sales of each path from its log errors, in the place of these: they are the largest array."""
    np.clip(errors, -LARGEST_LOG_ERROR, LARGEST_LOG_ERROR, out=errors)
    np.exp(errors, out=errors)
    errors *= expected + lean
    errors -= lean
    np.maximum(errors, 0.0, out=errors)
    errors[:, expected <= 0] = 0.0
    return errors


def _moves(totals: Floats) -> Floats:
    """(units,) how much of a change of the company's total each unit takes, averaging to 1.

    In proportion to the variance it brings: a unit whose total is certain stays where it is.
    """
    mean = totals.mean(axis=0)
    share = mean / max(float(mean.sum()), 1e-300)
    spread = np.divide(totals.std(axis=0), mean, out=np.zeros_like(share), where=share > 0)
    variance = share * spread**2
    scale = float((share * variance).sum())
    return np.minimum(variance / scale, LARGEST_MOVE) if scale > 0 else np.ones_like(share)


def _unit_factors(paths: Floats, expected: Floats, lean: Floats, margins: Calibration) -> Floats:
    """(paths, units) what moves each unit's total, rank by rank, onto its calibration."""
    totals = paths.sum(axis=1)
    ranks = (np.argsort(np.argsort(totals, axis=0), axis=0) + 0.5) / len(totals)
    whole = len(expected) * lean
    wanted = (expected.sum(axis=0) + whole) * np.exp(margins.errors(ranks)) - whole
    moved = np.maximum(wanted, 1e-3 * totals)
    return np.asarray(np.divide(moved, totals, out=np.ones_like(totals), where=totals > 0))


def _company_factor(paths: Floats, expected: Floats, lean: float, company: Calibration) -> Floats:
    """(paths,) what moves the sum of all units, rank by rank, onto its calibrated distribution."""
    total = paths.sum(axis=(1, 2))
    ranks = (np.argsort(np.argsort(total)) + 0.5) / len(total)
    lean *= len(expected)
    wanted = (expected.sum() + lean) * np.exp(company.errors(ranks[:, None])[:, 0]) - lean
    moved = np.maximum(wanted, 1e-3 * total)
    return np.asarray(np.divide(moved, total, out=np.ones_like(total), where=total > 0))


def _unknown(shape: tuple[int, ...]) -> Residuals:
    """Errors standing in where no origin could be made: a log error of 0.35 for every total."""
    blocks, units = shape
    return Residuals(
        blocks=np.full((1, blocks, units), UNKNOWN_LOG_ERROR),
        totals=np.full((1, units), UNKNOWN_LOG_ERROR),
        company=np.full((1, blocks), UNKNOWN_LOG_ERROR),
        company_totals=np.array([UNKNOWN_LOG_ERROR]),
        importance=np.ones(1),
        independent=1.0,
        cutoffs=np.zeros(1, dtype=np.intp),
        horizon=1,
        change=np.ones(1),
        unseen=np.zeros(blocks),
    )


def _calibration(residuals: Residuals, totals: Floats, size: Floats | None = None) -> Calibration:
    return calibrate(
        totals,
        residuals.cutoffs,
        residuals.importance,
        horizon=residuals.horizon,
        independent=residuals.independent,
        size=size,
    )


def _joined(
    shock: Floats,
    own: Floats,
    loading: Floats,
    expected: Floats,
    units: Calibration,
) -> Floats:
    """The company's error and each unit's own, the latter adding up to nothing in the sum."""
    share = expected / np.maximum(expected.sum(axis=1, keepdims=True), 1e-300)
    # The own part is put on its scale before the units' parts are balanced against each other.
    own = calibrated(own, expected, units)
    balance = np.concatenate(
        [(own[some] * share).sum(axis=2, keepdims=True) for some in _slices(len(own))]
    )
    weight = share * units.scale**2
    weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
    pull = np.divide(weight, share, out=np.zeros_like(weight), where=share > 1e-12)
    # Path by path: a few of them at a time, since all together are the largest array.
    for some in _slices(len(own)):
        own[some] = loading * shock[some] + own[some] - balance[some] * np.minimum(pull, 3.0)
    return own


def _loadings(residuals: Residuals, share: Floats) -> Floats:
    """(units,) how far each unit follows the company's error, shrunk to 1, averaging to 1."""
    company = residuals.company_totals
    totals = np.where(np.isfinite(residuals.totals), residuals.totals, 0.0)
    weight = residuals.importance / residuals.importance.sum()
    variance = max(float((weight * company**2).sum()), 1e-12)
    covariance = (weight[:, None] * company[:, None] * totals).sum(axis=0)
    evidence = residuals.independent
    slope = (evidence * covariance / variance + 4.0) / (evidence + 4.0)
    slope = np.clip(slope, 0.0, 2.5)
    mean = float((share * slope).sum())
    return np.asarray(slope / mean if mean > 0.1 else np.ones_like(slope))


def _mix(errors: Floats, importance: Floats, n_paths: int, rng: np.random.Generator) -> Floats:
    """Random combinations of whole error paths: (n_paths, blocks, units), mean 0."""
    weight = np.sqrt(importance / importance.sum())
    draws = rng.standard_normal((n_paths, len(weight))) * weight
    # Path and mirror image: the median of the total is the forecast without sampling error.
    half = n_paths // 2
    draws[n_paths - half :] = -draws[:half]
    return np.tensordot(draws, errors, axes=(1, 0))


def calibrated(errors: Floats, expected: Floats, target: Calibration) -> Floats:
    """Error paths (paths, blocks, units) whose total follows ``target``, rank by rank."""
    out = np.empty_like(errors)
    for some in _slices(errors.shape[2]):
        part = replace(target, scale=target.scale[some])
        out[:, :, some] = _calibrated(errors[:, :, some], expected[:, some], part)
    return out


def _slices(count: int) -> list[slice]:
    """A few at a time."""
    return [slice(start, start + CHUNK) for start in range(0, count, CHUNK)]


def _calibrated(errors: Floats, expected: Floats, target: Calibration) -> Floats:
    total = np.maximum(expected.sum(axis=0), 1e-300)
    share = expected / total
    moved = np.log(np.maximum((share * np.exp(np.clip(errors, -3, 3))).sum(axis=1), 1e-12))
    ranks = (np.argsort(np.argsort(moved, axis=0), axis=0) + 0.5) / len(moved)
    wanted = target.errors(ranks)
    # How the error moves within the horizon is known from many blocks: it is kept as it was.
    shape = errors - moved[:, None, :]
    # Noise within the horizon lifts the mean of its exponential: taken out of the total.
    lifted = np.log(np.maximum((share * np.exp(np.clip(shape, -3, 3))).sum(axis=1), 1e-12))
    return np.asarray(shape + (wanted - lifted)[:, None, :])
