"""Candidates that err together count once: weights by the covariance of their errors.

The weights of least variance (Bates & Granger 1969) over all units and past origins, pulled towards
those that look at each candidate's own errors (Diebold & Pauly 1990), and never below zero. A dozen
candidates that say nearly the same then share one voice, and one that errs elsewhere is heard.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PULL = 4.0
"""Ridge towards the weights taken apart, with one independent origin of endless units."""


def stacked_weights(
    errors: Floats, apart: Floats, importance: Floats, independent: float
) -> Floats:
    """(candidates, units) adding up to 1: ``apart`` moved as the errors' covariance wants it.

    All units share one move, since one unit has too few origins for a covariance; how a unit's
    weights differ from the others' stays as ``apart`` has it.

    Args:
        errors: (origins, candidates, units), signed; NaN where silent. A candidate that is silent
            at an origin is taken to have erred there as the mean of those that spoke.
        apart: (candidates, units), adding up to 1.
        importance: (origins,).
        independent: how many independent origins they amount to.
    """
    shared = apart.mean(axis=1)
    voices = np.flatnonzero(shared > 0)
    spoken = np.isfinite(errors)
    tested = spoken.any(axis=(0, 1))
    if len(voices) < 2 or not tested.any():
        return apart
    covariance = _covariance(errors[:, :, tested], spoken[:, :, tested], importance)
    pull = PULL * (1.0 / max(independent, 1.0) + 1.0 / float(tested.sum()))
    moved = least_variance(covariance[np.ix_(voices, voices)], shared[voices], pull)
    weights = np.zeros_like(apart)
    weights[voices] = apart[voices] * (moved / shared[voices])[:, None]
    total = weights.sum(axis=0)
    # A unit whose own choice was moved to nothing keeps it.
    return np.where(total > 0, weights / np.where(total > 0, total, 1.0), apart)


def least_variance(covariance: Floats, prior: Floats, pull: float) -> Floats:
    """Weights (n,) ≥ 0 adding up to 1 of the least error variance, pulled towards ``prior``.

    Minimises w′Cw + pull · mean variance ÷ n · Σ (w − prior)² ÷ prior.

    >>> least_variance(np.diag([1.0, 4.0]), np.array([0.5, 0.5]), 0.0).round(3).tolist()
    [0.8, 0.2]
    >>> least_variance(np.diag([1.0, 4.0]), np.array([0.5, 0.5]), 1e6).round(3).tolist()
    [0.5, 0.5]
    """
    from scipy.optimize import nnls

    prior = prior / prior.sum()
    size = float(np.trace(covariance)) / len(prior)
    if size <= 0:
        return np.asarray(prior)
    ridge = pull / len(prior)
    values, vectors = np.linalg.eigh(covariance / size)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))).T
    near = np.sqrt(ridge / prior)
    sums = 1e3 * np.ones((1, len(prior)))
    system = np.vstack([root, np.diag(near), sums])
    wanted = np.concatenate([np.zeros(len(prior)), near * prior, [1e3]])
    weights, _ = nnls(system, wanted)
    total = float(weights.sum())
    return np.asarray(weights / total if total > 0 else prior)


def _covariance(errors: Floats, spoken: NDArray[np.bool_], importance: Floats) -> Floats:
    """(candidates, candidates) second moments of the errors, each unit's on its own scale."""
    count = np.maximum(spoken.sum(axis=1, keepdims=True), 1)
    known = np.where(spoken, errors, 0.0)
    filled = np.where(spoken, errors, known.sum(axis=1, keepdims=True) / count)
    weight = importance[:, None] * spoken.any(axis=1)
    mass = np.maximum(weight.sum(axis=0), 1e-12)
    own = np.einsum("ou,ocu->u", weight, filled**2) / mass / filled.shape[1]
    scaled = filled * np.sqrt(weight[:, None, :] / np.maximum(own, 1e-12))
    flat = np.moveaxis(scaled, 1, 0).reshape(filled.shape[1], -1)
    return np.asarray(flat @ flat.T / flat.shape[1])
