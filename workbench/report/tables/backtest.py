"""Tables of past periods forecast again: the models side by side, and ours by unit."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.tables.sheet import Column, names, percents, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT

    from workbench.target.backtest import Backtest

OURS = "workbench"
FEW_PERIODS = 8
LIMIT = 40
BANDS = ("coverage_50", "coverage_80", "coverage_95")


def backtest_table(past: "Backtest", words: Words) -> "GT":
    """Each model's scores by level and by how much of the period had gone by."""
    if past.cases.empty:
        return _nothing(words)
    rows = past.summary()
    fresh = ~rows.duplicated(["level", "elapsed"])
    levels = [_level(level, words) if first else "" for level, first in _pairs(rows, fresh)]
    when = [
        _when(share, words) if first else ""
        for share, first in zip(rows["elapsed"], fresh, strict=True)
    ]
    labels = tuple(words.either(f"model.{name}", name) for name in rows["model"])
    columns = [
        Column(words("backtest.of"), tuple(levels), number=False),
        Column(words("backtest.when"), tuple(when), number=False),
        Column(words("backtest.model"), labels, number=False),
        *_scores(rows, words, bands=BANDS),
        Column(words("backtest.n_cases"), tuple(words.count(n) for n in rows["n_cases"])),
    ]
    ours = [at for at, model in enumerate(rows["model"]) if model == OURS]
    return sheet(
        "backtest",
        columns,
        words,
        title=words("backtest.title"),
        subtitle=_span(past, words),
        note="\n".join([_compared(past, rows, words), words("backtest.note")]),
        bold=ours,
    )


def backtest_units_table(past: "Backtest", words: Words) -> "GT":
    """Our scores of every sum on the eve of the period, the sum of all units first."""
    if past.cases.empty:
        return _nothing(words)
    rows = past.scores
    rows = rows[(rows["model"] == OURS) & (rows["elapsed"] == rows["elapsed"].min())]
    columns = [
        names(list(rows["unit"]), words),
        *_scores(rows, words, bands=("coverage_80",), bias=True),
        Column(words("backtest.n_cases"), tuple(words.count(n) for n in rows["n_cases"])),
    ]
    return sheet(
        "backtest-units",
        columns,
        words,
        title=words("backtest.title_units"),
        subtitle=words("backtest.subtitle_units"),
        note=_few(past, words),
        bold=[0],
        limit=LIMIT,
    )


def _scores(
    rows: pd.DataFrame, words: Words, *, bands: tuple[str, ...], bias: bool = False
) -> list[Column]:
    brier = tuple(f"{value:.3f}" if value == value else "–" for value in rows["brier"])
    columns = [percents(words("backtest.mape"), list(rows["mape"] / 100), words, digits=1)]
    if bias:
        low = list(rows["bias"] / 100)
        columns.append(percents(words("backtest.bias"), low, words, digits=1, sign=True))
    score = list(rows["crps_pct"] / 100)
    columns.append(percents(words("backtest.crps_pct"), score, words, digits=1))
    columns.append(Column(words("backtest.brier"), brier))
    columns += [percents(words(f"backtest.{band}"), list(rows[band]), words) for band in bands]
    return columns


def _pairs(rows: pd.DataFrame, fresh: "pd.Series[bool]") -> list[tuple[str, bool]]:
    return list(zip(rows["level"], fresh, strict=True))


def _level(level: str, words: Words) -> str:
    return words.either(f"backtest.level.{level}", level)


def _when(share: float, words: Words) -> str:
    named = {0.0: "backtest.eve", 0.5: "backtest.half"}
    return words(named.get(share, "backtest.share"), share=words.percent(share))


def _span(past: "Backtest", words: Words) -> str:
    labels = past.cases.sort_values("as_of")["period"]
    return words("backtest.subtitle", first=labels.iloc[0], last=labels.iloc[-1])


def _compared(past: "Backtest", rows: pd.DataFrame, words: Words) -> str:
    """Which units the models are compared on, where not on all."""
    units = past.cases[past.cases["level"] == "unit"]
    asked = units.groupby("model")["unit"].nunique()
    limit = ""
    if len(asked) > 1 and asked.min() < asked.max():
        limit = words("backtest.shared_limit", count=words.count(asked.min()))
    lines = [words("backtest.shared", limit=limit)] if len(set(rows["model"])) > 1 else []
    return "\n".join([*lines, *filter(None, [_few(past, words)])])


def _few(past: "Backtest", words: Words) -> str:
    periods = past.cases["period"].nunique()
    return words("backtest.few", n=words.count(periods)) if periods < FEW_PERIODS else ""


def _nothing(words: Words) -> "GT":
    columns = [
        Column(words("backtest.model"), (), number=False),
        Column(words("backtest.mape"), ()),
    ]
    return sheet(
        "backtest", columns, words, title=words("backtest.title"), note=words("backtest.none")
    )
