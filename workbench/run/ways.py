"""One target split in every way, so that a planner sees what the choice of the method means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import Problem, TargetError
from workbench.panel.panel import Panel
from workbench.params.models import TargetSettingParams
from workbench.target.allocate import METHODS, Allocation, Method, allocate
from workbench.target.outlook import Outlook

YEAR_STEPS = {"D": 364, "W": 52, "M": 12}


@dataclass(frozen=True, eq=False)
class Ways:
    """A target split by the chosen method and, beside it, by the others.

    Attributes:
        chosen: the split that was asked for.
        all: method → split, the chosen one first; a method that the data do not allow is left out.
        notices: why a method was left out.
    """

    chosen: Allocation
    all: Mapping[Method, Allocation]
    notices: tuple[Problem, ...]


def split_ways(target: float, outlook: Outlook, panel: Panel, params: TargetSettingParams) -> Ways:
    """Split a target by the method the parameters choose, and by the others for comparison.

    ``share`` splits by each unit's sales of the last year, ``history`` by the same period a year
    earlier, ``equal_probability`` so that every unit has the same chance.

    Raises:
        TargetError: when the chosen method or the limits cannot be met.
    """
    limits: dict[str, Any] = {
        "locks": params.locks or None,
        "floors": params.floors or None,
        "caps": params.caps or None,
        "max_growth": params.max_growth,
        "unit": params.rounding,
        "shares": recent_sales(panel),
    }
    chosen = allocate(target, outlook, by=params.allocate_by, **limits)
    found: dict[Method, Allocation] = {params.allocate_by: chosen}
    left_out: list[Problem] = []
    for method in METHODS:
        if method != params.allocate_by:
            try:
                found[method] = allocate(target, outlook, by=method, **limits)
            except TargetError as error:
                left_out += error.problems
    return Ways(chosen, found, tuple(left_out))


def recent_sales(panel: Panel) -> "pd.Series[float]":
    """Each unit's sales of the last 52 weeks (or 12 months), days not observed left out."""
    recent = panel.sales[-YEAR_STEPS[panel.frequency] :]
    return pd.Series(np.nansum(recent, axis=0), index=pd.Index(panel.units, name="unit"))
