"""How much will be sold, and how good such forecasts were, in sentences."""

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.report.prose import Html, between, block
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths


def forecast_answer(
    paths: "SamplePaths",
    words: Words,
    *,
    start: dt.date | None = None,
    end: dt.date | None = None,
) -> Html:
    """How much will be sold from ``start`` to ``end``, and how good such forecasts were."""
    first = pd.Timestamp(start or paths.dates[0])
    last = pd.Timestamp(end or paths.dates[-1])
    total = paths.totals(first, last).to_numpy(dtype=float).sum(axis=1)
    low, median, high = (words.money(q) for q in np.quantile(total, [0.1, 0.5, 0.9]))
    lead = words(
        "forecast.total" if words.currency else "forecast.total_pieces",
        first=words.date(first.date()),
        last=words.date(last.date()),
        low=low,
        median=median,
        high=high,
    )
    return block([lead, *_skill_lines(paths.skill, words)])


def _skill_lines(skill: pd.DataFrame, words: Words) -> list[str]:
    if skill.empty:
        return []
    rows = skill[(skill["unit"] == "") & skill["mape"].notna()].to_dict("records")
    by_model = {str(row["model"]): row for row in rows}
    ours = by_model.pop("workbench", None)
    if ours is None:
        return []
    lines = [
        words(
            "forecast.skill",
            mape=words.percent(ours["mape"] / 100, digits=1),
            coverage=words.percent(ours["coverage_80"]),
            n=words.count(ours["n_origins"]),
        )
    ]
    for model, row in by_model.items():
        mape = words.percent(row["mape"] / 100, digits=1)
        name = words.either(f"model.{model}", model)
        tests = words.count(row["n_origins"])
        lines.append(words("forecast.better", model=name, mape=mape, n=tests))
    return [lines[0], between(words.language).join(lines[1:])]
