"""How the combined forecast missed at past origins: log errors by block, scaled and shrunk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.forecast.maturity import maturing
from workbench.forecast.replay import Origin
from workbench.forecast.unseen import USUAL_SD, surprise
from workbench.forecast.weights import combine, log_errors, weigh_candidates

Floats = NDArray[np.float64]

LEAN = 0.25
"""Share of a usual block added to both sides of a ratio, so that empty weeks have a logarithm."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """Log errors of the combined forecast.

    Attributes:
        blocks: (origins, blocks, units), log of actual over forecast; complete.
        totals: (origins, units), the same of the total; NaN where nothing was known.
        company: (origins, blocks), the same of all units' sum.
        company_totals: (origins,).
        importance: (origins,), newer origins count more.
        independent: how many independent origins these amount to.
        cutoffs: (origins,).
        horizon: steps ahead of each cutoff.
        change: (origins,), what makes each origin's errors those of a forecast of now.
        unseen: (blocks,), log standard deviation of what festivals ahead that the history has not
            seen yet do to all sales, beyond these errors.
    """

    blocks: Floats
    totals: Floats
    company: Floats
    company_totals: Floats
    importance: Floats
    independent: float
    cutoffs: NDArray[np.intp]
    horizon: int
    change: Floats
    unseen: Floats

    def of_now(self) -> "Residuals":
        """The same errors as large as they would be with all that is known now."""
        return replace(
            self,
            blocks=self.blocks * self.change[:, None, None],
            totals=self.totals * self.change[:, None],
            company=self.company * self.change[:, None],
            company_totals=self.company_totals * self.change,
            change=np.ones_like(self.change),
        )


def past_residuals(
    origins: Sequence[Origin],
    importance: Floats,
    *,
    horizon: int,
    independent: float,
    known: int,
    unseen: Floats,
    prior: Floats | None = None,
) -> Residuals:
    """Errors at each origin, its weights learnt from the origins that do not overlap it.

    ``known`` is the number of dates known now, ``unseen`` (blocks,) as in ``Residuals``.
    """
    cutoffs = np.array([origin.cutoff for origin in origins])
    blocks, totals, company, company_totals = [], [], [], []
    said_there = combined_past(
        origins, importance, horizon=horizon, independent=independent, prior=prior
    )
    for origin, said in zip(origins, said_there, strict=True):
        blocks.append(_block_errors(origin, said))
        totals.append(_total_errors(origin, said))
        summed = _company(origin, said)
        company.append(_complete(summed[0][:, None])[:, 0])
        company_totals.append(summed[1])
    missed = np.stack(totals)
    return Residuals(
        np.stack(blocks),
        missed,
        np.stack(company),
        np.array(company_totals),
        importance,
        independent,
        cutoffs,
        horizon,
        maturing(missed, cutoffs, known, independent),
        unseen,
    )


def freed_of_surprises(
    origins: Sequence[Origin],
    importance: Floats,
    *,
    horizon: int,
    block: int,
    independent: float,
    prior: Floats | None = None,
) -> tuple[list[Origin], float]:
    """The origins as if festivals not known then had brought nothing unusual, and their usual sd.

    What the festivals brought is told by the errors of all units together.
    """
    unseen = np.stack([origin.unseen for origin in origins])
    if not unseen.any():
        return list(origins), USUAL_SD
    said_there = combined_past(
        origins, importance, horizon=horizon, independent=independent, prior=prior
    )
    pairs = zip(origins, said_there, strict=True)
    company = np.stack([_complete(_company(one, said)[0][:, None])[:, 0] for one, said in pairs])
    cutoffs = np.array([origin.cutoff for origin in origins])
    at = cutoffs[:, None] // block + np.arange(unseen.shape[1])
    found = surprise(company, unseen, at)
    free = [
        replace(one, actual=one.actual * np.exp(-moved)[:, None])
        for one, moved in zip(origins, found.freed, strict=True)
    ]
    return free, found.sd


def combined_past(
    origins: Sequence[Origin],
    importance: Floats,
    *,
    horizon: int,
    independent: float,
    prior: Floats | None = None,
) -> list[Floats]:
    """(blocks, units) per origin: the combined forecast there, its weights learnt elsewhere."""
    errors = log_errors(origins)
    cutoffs = np.array([origin.cutoff for origin in origins])
    found = []
    for at, origin in enumerate(origins):
        apart = np.abs(cutoffs - origin.cutoff) >= horizon
        if apart.sum() < 3:
            apart = np.arange(len(origins)) != at
        if not apart.any():
            apart[:] = True
        weights = weigh_candidates(
            errors[apart],
            importance[apart],
            independent=independent * float(apart.mean()),
            prior=prior,
        )
        found.append(combine(origin.forecasts, weights))
    return found


def _block_errors(origin: Origin, said: Floats) -> Floats:
    lean = LEAN * origin.typical + 1e-9
    known = said * origin.covered
    error = np.log((np.maximum(origin.actual, 0.0) + lean) / (known + lean))
    return _complete(np.where(origin.covered > 0.3, error, np.nan))


def _complete(errors: Floats) -> Floats:
    """Blocks not known take the mean error of the unit's known ones: a level error persists."""
    known = np.isfinite(errors)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, errors, 0.0).sum(axis=0) / count
    return np.where(known, errors, mean)


def _total_errors(origin: Origin, said: Floats) -> Floats:
    counted = origin.covered > 0
    lean = LEAN * origin.typical * counted.sum(axis=0) + 1e-9
    actual = np.where(counted, origin.actual, 0.0).sum(axis=0)
    known = (said * origin.covered).sum(axis=0)
    error = np.log((np.maximum(actual, 0.0) + lean) / (known + lean))
    return np.where(counted.any(axis=0), error, np.nan)


def _company(origin: Origin, said: Floats) -> tuple[Floats, float]:
    counted = origin.covered > 0
    actual = np.where(counted, origin.actual, 0.0)
    known = said * origin.covered
    a, f = np.maximum(actual.sum(axis=1), 0.0), known.sum(axis=1)
    lean = LEAN * float(origin.typical.sum()) + 1e-9
    blocks = np.where(counted.any(axis=1), np.log((a + lean) / (f + lean)), np.nan)
    return blocks, float(np.log((a.sum() + lean) / (f.sum() + lean)))
