"""Which units are siblings: those whose attributes (kind of shop, floor space) are alike."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CLOSENESS = 4.0
"""A unit as far from another as is usual counts exp(−4) of one that is the same."""


def kinship(attributes: Floats) -> Floats:
    """(units, units), 1 for units that are the same, falling with the distance between them.

    A Gaussian kernel of the squared distance in standard deviations, relative to the usual one
    (Nadaraya 1964; Watson 1964). So a new unit borrows from its own kind, not from all.

    Args:
        attributes: (columns, units), each column different between some units.

    >>> kinship(np.array([[0.0, 0.0, 1.0]])).round(4)
    array([[1.    , 1.    , 0.0025],
           [1.    , 1.    , 0.0025],
           [0.0025, 0.0025, 1.    ]])
    """
    told = (attributes / attributes.std(axis=1, keepdims=True)).T
    size = (told**2).sum(axis=1)
    apart = np.maximum(size[:, None] + size[None, :] - 2 * told @ told.T, 0.0)
    usual = apart.sum() / (apart.size - len(apart))
    return np.asarray(np.exp(-CLOSENESS * apart / usual))
