"""Whether an earlier engine's backtest can serve again, and how it is brought up to date.

What a candidate said at a past origin does not change; what has been sold since does. So the
forecasts are kept and their errors measured anew. What the origins cannot know is a past that has
been restated, or another shop: then everything is learnt anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.errors import Problem
from workbench.forecast.candidates import BLOCK
from workbench.forecast.replay import Origin, block_sums, measured
from workbench.panel.panel import Frequency, Panel

if TYPE_CHECKING:
    from workbench.forecast.engine import Engine

FRESH_DAYS: Mapping[Frequency, int] = MappingProxyType({"D": 28, "W": 28, "M": 31})
"""After these days the past origins are moved on: a newer one has become possible."""
RESTATED = 0.02
"""Share of the sales that may have changed since (late refunds) without learning anew."""
REASONS = {
    "units": {"en": "the units are others", "zh": "单元不同"},
    "frequency": {"en": "the steps are others", "zh": "数据频率不同"},
    "later": {"en": "it knows sales of later dates", "zh": "它已用到截至日之后的销售"},
    "old": {"en": "it was learnt more than four weeks ago", "zh": "距上次学习已超过四周"},
    "horizon": {"en": "it does not reach as far", "zh": "预测跨度不够长"},
    "plans": {"en": "the columns known ahead are others", "zh": "已知安排的列不同"},
    "start": {"en": "the history begins later than its origins", "zh": "历史起点晚于其回测起点"},
    "restated": {"en": "past sales were restated", "zh": "历史销售有较大改动"},
}


def obstacle(earlier: "Engine", panel: Panel, horizon: int) -> tuple[Problem, ...]:
    """Why ``earlier`` cannot lend its backtest to a forecast of ``panel``; empty where it can."""
    reason = _reason(earlier, panel, horizon)
    if not reason:
        return ()
    facts = {"date": f"{earlier.learnt:%Y-%m-%d}", "reason": REASONS[reason]}
    return (Problem("forecast.learnt_anew", facts),)


def refreshed(earlier: "Engine", panel: Panel, horizon: int) -> list[Origin]:
    """The earlier engine's past origins, cut to ``horizon`` and measured on what is known now."""
    shift = int(panel.dates.get_indexer(pd.DatetimeIndex([earlier.first]))[0])
    if shift < 0:
        shift = -_rows_before(earlier, panel)
    return [_again(one, shift, panel, horizon) for one in earlier.fit.origins]


def _again(origin: Origin, shift: int, panel: Panel, horizon: int) -> Origin:
    block = BLOCK[panel.frequency]
    ahead = origin.exposure[:horizon]
    worth = block_sums(ahead, block)
    whole = block_sums(origin.exposure, block)[: len(worth)]
    # A block cut short brings its share of what was forecast for the whole.
    share = np.divide(worth, whole, out=np.zeros_like(worth), where=whole > 0)
    forecasts = (origin.forecasts[:, : len(worth)] * share).astype(np.float32)
    told = np.asarray((np.nan_to_num(forecasts) > 0).any(axis=0))
    cutoff = origin.cutoff + shift
    actual, covered = measured(panel.sales, cutoff, ahead, told, block)
    return replace(
        origin,
        cutoff=cutoff,
        forecasts=forecasts,
        actual=actual,
        covered=covered,
        exposure=ahead,
        unseen=origin.unseen[: len(worth)],
    )


def _reason(earlier: "Engine", panel: Panel, horizon: int) -> str:
    if earlier.units != panel.units:
        return "units"
    if earlier.frequency != panel.frequency:
        return "frequency"
    if earlier.as_of > panel.as_of:
        return "later"
    if panel.as_of - earlier.learnt > pd.Timedelta(days=FRESH_DAYS[panel.frequency]):
        return "old"
    if horizon > len(earlier.dates):
        return "horizon"
    if set(earlier.plan_columns) != {*panel.known, *panel.attributes}:
        return "plans"
    if earlier.fit.origins and _rows_before(earlier, panel) >= earlier.fit.origins[0].cutoff:
        return "start"
    return "restated" if _restated(earlier, panel) else ""


def _rows_before(earlier: "Engine", panel: Panel) -> int:
    """Rows of the earlier history that this panel no longer has."""
    if panel.dates[0] <= earlier.first:
        return 0
    days = (panel.dates[0] - earlier.first).days
    return {"D": days, "W": days // 7, "M": round(days / 30.44)}[panel.frequency]


def _restated(earlier: "Engine", panel: Panel) -> bool:
    kept = earlier.past[earlier.past.index >= panel.dates[0]]
    now, then = panel.frame().reindex(kept.index).to_numpy(), kept.to_numpy()
    both = np.isfinite(now) & np.isfinite(then)
    size = float(np.abs(then[both]).sum())
    moved = float(np.abs(now[both] - then[both]).sum())
    fewer = float(np.isfinite(then).sum() - both.sum())
    return moved > RESTATED * size or fewer > RESTATED * float(np.isfinite(then).sum())
