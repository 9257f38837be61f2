"""Arrays that belong together: same shape, and only the cases in which all of them are known."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import DataError, Problem

Floats = NDArray[np.float64]


def together(**arrays: ArrayLike) -> tuple[Floats, ...]:
    """The arrays as floats of one common shape.

    Raises:
        DataError: if their shapes cannot be brought together; the message names each.
    """
    floats = {name: np.asarray(array, dtype=float) for name, array in arrays.items()}
    try:
        return tuple(np.broadcast_arrays(*floats.values()))
    except ValueError:
        shown = ", ".join(f"{name} {array.shape}" for name, array in floats.items())
        raise DataError(Problem("score.shapes", {"shapes": shown})) from None


def complete(*arrays: Floats) -> tuple[Floats, ...]:
    """The cases, flat, in which no array is NaN.

    >>> observed, forecast = complete(np.array([1.0, np.nan, 3.0]), np.array([2.0, 2.0, 5.0]))
    >>> forecast.tolist()
    [2.0, 5.0]
    """
    known = np.logical_and.reduce([~np.isnan(array) for array in arrays])
    return tuple(array[known] for array in arrays)


def outcome_and_draws(
    observed: ArrayLike, draws: ArrayLike, axis: int
) -> tuple[Floats, NDArray[np.floating]]:
    """What happened, and the draws with ``axis`` moved to the end.

    Raises:
        DataError: if the shapes do not fit, or there are no draws.
    """
    outcome = np.asarray(observed, dtype=float)
    paths = np.asarray(draws)
    paths = paths if np.issubdtype(paths.dtype, np.floating) else paths.astype(float)
    fits = -paths.ndim <= axis < paths.ndim
    moved = np.moveaxis(paths, axis, -1) if fits else paths
    if not fits or moved.shape[:-1] != outcome.shape or not moved.shape[-1]:
        shown = f"observed {outcome.shape}, draws {paths.shape} along axis {axis}"
        raise DataError(Problem("score.shapes", {"shapes": shown}))
    return outcome, moved


def mean(values: Floats) -> float:
    """The mean, NaN of nothing."""
    return float(values.mean()) if values.size else float("nan")


def within_unit(name: str, values: Floats) -> Floats:
    """The same values, which are probabilities.

    Raises:
        DataError: if one lies outside 0 … 1.
    """
    outside = values[(values < 0) | (values > 1)]
    if outside.size:
        raise DataError(
            Problem(
                "score.not_probability",
                {
                    "name": name,
                    "count": outside.size,
                    "values": ", ".join(f"{value:g}" for value in outside[:3]),
                },
            )
        )
    return values
