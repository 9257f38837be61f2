"""A shop small enough to explore in a blink: paths are given, not forecast."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.panel.panel import future_dates
from workbench.params.models import TargetSettingParams
from workbench.ui.targets import Explorer, explore_targets

SCRIPT = "<script>alert(1)</script>"
UNITS = ("线上商城", "线下门店", SCRIPT)
LEVELS = (300.0, 200.0, 100.0)


@pytest.fixture
def explore(tmp_path: Path) -> Callable[..., Explorer]:
    """Open an explorer of 2026Q4 over some units; parameters by name."""

    def opened(
        units: tuple[str, ...] = UNITS,
        period: str = "2026Q4",
        since: str = "2025-09-01",
        **given: Any,
    ) -> Explorer:
        rng = np.random.default_rng(7)
        levels = np.resize(LEVELS, len(units))
        days = pd.date_range(since, "2026-09-30")
        parts = [
            pd.DataFrame({"unit": unit, "date": days, "sales": level})
            for unit, level in zip(units, levels, strict=True)
        ]
        panel = build_panel(pd.concat(parts), calendar=None)
        shock = np.exp(rng.normal(0, 0.1, (100, 1, len(units))))
        per_day = shock * levels * np.ones((100, 92, 1))
        by_name = dict(zip(units, range(len(units)), strict=True))
        values = per_day[:, :, [by_name[unit] for unit in panel.units]]
        paths = SamplePaths.from_values(values, future_dates(panel, 92), panel.units)
        plain = {"source": "orders.csv", "rounding": 10, "out": str(tmp_path), **given}
        params = TargetSettingParams.read(plain)
        return explore_targets(panel, paths, params, period=parse_period(period))

    return opened
