"""What a reader of a forecast has to bear in mind: short plans, unseen festivals, few tests."""

import numpy as np

from workbench.errors import Problem
from workbench.forecast.design import Design, planned
from workbench.panel.panel import Panel

FEW_ORIGINS = 4.0


def forecast_notices(
    panel: Panel, design: Design, n_origins: int, independent: float
) -> tuple[Problem, ...]:
    """The panel's own notices, and what the forecast adds to them."""
    notices = [*panel.notices, *short_plans(panel, design), *unseen_festivals(panel, design)]
    if independent < FEW_ORIGINS:
        facts = {"origins": n_origins, "independent": f"{independent:.1f}"}
        notices.append(Problem("forecast.few_origins", facts))
    return tuple(notices)


def short_plans(panel: Panel, design: Design) -> tuple[Problem, ...]:
    """That plans end before the forecast does: prolonged by the usual, or of no use at all."""
    horizon = len(design.dates) - len(panel.dates)
    if not panel.known or len(panel.ahead) >= horizon:
        return ()
    last = panel.ahead[-1] if len(panel.ahead) else panel.dates[-1]
    facts = {
        "columns": ", ".join(panel.known),
        "last": f"{last:%Y-%m-%d}",
        "end": f"{design.dates[-1]:%Y-%m-%d}",
    }
    used = planned(panel, horizon)
    return (Problem("forecast.plans_end" if used else "forecast.plans_unused", facts),)


def unseen_festivals(panel: Panel, design: Design) -> tuple[Problem, ...]:
    """That days around festivals lie ahead which the whole history does not have."""
    if panel.calendar is None:
        return ()
    n_dates = len(panel.dates)
    seen, ahead = (part.any(axis=0) for part in np.split(design.festivals, [n_dates]))
    columns = {panel.calendar.columns[at] for at in np.flatnonzero(ahead & ~seen)}
    new = [one for one in panel.calendar.festivals if columns & {*one.columns}]
    if not new:
        return ()
    named = {
        "en": ", ".join(one.name_en for one in new),
        "zh": "、".join(one.name_zh for one in new),
    }
    facts = {"festivals": named, "first": f"{panel.dates[0]:%Y-%m-%d}"}
    return (Problem("forecast.unseen_festivals", facts),)
