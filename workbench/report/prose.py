"""Sentences a planner can act on, made from the numbers."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.errors import Problem
from workbench.report.safe import html_text, shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.data.report import DataReport
    from workbench.forecast.paths import SamplePaths
    from workbench.panel.panel import Panel
    from workbench.target.allocate import Allocation
    from workbench.target.outlook import Outlook

VERDICTS = ((0.8, "safe"), (0.55, "likely"), (0.45, "even"), (0.15, "unlikely"), (0.0, "far"))
FEW_ORIGINS = 6
YEAR_DAYS = 371
ALIKE = 0.005
OFF = 0.15
PLANS = ("forecast.plans_end", "forecast.plans_unused")
LISTED = 6


class Html(str):
    """Text that a notebook shows as HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def answer(outlook: "Outlook", words: Words, *, target: float | None = None) -> Html:
    """What the period will bring: the target's probability first, then what stands behind it."""
    if outlook.over:
        return block(_over(outlook, words, target))
    period = words.period(outlook.period)
    levels = {
        name: words.money(outlook.target_at(p))
        for name, p in (("commit", 0.8), ("base", 0.5), ("stretch", 0.2))
    }
    if target is None:
        lead = words("answer.no_target", period=period, base=levels["base"])
        return block([lead, words("answer.levels", **levels), _standing(outlook, words, None)])
    likely = outlook.probability(target)
    lead = words(
        "answer.target",
        target=words.money(target),
        period=period,
        probability=words.probability(likely),
    )
    verdict = next(name for least, name in VERDICTS if likely >= least)
    short = float(outlook.shortfall(target))
    missing = words(
        "answer.shortfall",
        amount=words.money(short),
        percent=words.percent(short / target, digits=1),
    )
    return block(
        [
            lead,
            words(f"verdict.{verdict}"),
            words("answer.levels", **levels),
            _against_last_year(outlook, words, target) + _gap(words) + missing,
            _standing(outlook, words, target),
        ]
    )


def allocation_answer(plan: "Allocation", words: Words) -> Html:
    """How the target was split, and who finds it hardest."""
    chances = plan.probabilities.sort_values(kind="stable")
    free = chances[(plan.limits == "")[chances.index]]
    typical = float(free.median()) if len(free) else float(chances.median())
    lead = words(
        f"split.{plan.method}",
        probability=words.probability(typical),
        low=words.probability(chances.iloc[0]),
        high=words.probability(chances.iloc[-1]),
    )
    lines = [lead]
    if chances.iloc[-1] - chances.iloc[0] > 0.02:
        lines.append(
            words(
                "split.hardest",
                unit=shorten(chances.index[0], 40),
                probability=words.probability(chances.iloc[0]),
                easy=shorten(chances.index[-1], 40),
                easy_probability=words.probability(chances.iloc[-1]),
            )
        )
    held = int((plan.limits != "").sum())
    if held:
        lines.append(words("split.held", count=words.count(held), total=words.count(len(chances))))
    if len(chances) > 1:
        company = words.probability(plan.company_probability)
        lines.append(words("split.company", probability=company))
    return block(lines)


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


def data_answer(report: "DataReport", words: Words) -> Html:
    """What was read, what counts, and whether it can be planned on."""
    entries = {entry.rule: entry for entry in report.entries}
    counted = entries["counted"]
    count = len(report.notices)
    lead = words("data.look", count=count) if count else words("data.fit")
    read = words(
        "data.read" if words.currency else "data.read_pieces",
        read=words.count(entries["read"].rows),
        counted=words.count(counted.rows),
        money=words.money(counted.money),
    )
    span = words(
        "data.span",
        first=words.date(report.first_day.date()),
        last=words.date(report.as_of.date()),
        units=words.count(len(report.units)),
    )
    return block([lead, read, span, _left_out(report, words)])


def caveats(
    panel: "Panel",
    paths: "SamplePaths | None",
    words: Words,
    *,
    notices: Iterable[Problem] = (),
) -> Html:
    """What to keep in mind: few past tests, short history, ranges that did not hold, notices.

    Empty where there is nothing to say.
    """
    weeks = (panel.dates[-1] - panel.dates[0]).days // 7 + 1
    said: list[str] = []
    if weeks * 7 < YEAR_DAYS:
        said.append(words("caveat.short", weeks=weeks))
    elif weeks * 7 < 2 * YEAR_DAYS:
        said.append(words("caveat.one_year"))
    if paths is not None:
        said += _few_tests(paths, words)
        notices = [*notices, *(problem for problem in paths.notices if problem.code in PLANS)]
    problems = list({str(problem): problem for problem in notices}.values())
    if not said and not problems:
        return Html("")
    lines = "".join(f"<p>{html_text(line)}</p>" for line in said)
    title = html_text(words("caveats.title"))
    listed = "".join(_notice(problem, words) for problem in problems)
    return Html(f'<div class="caveats"><p><b>{title}</b></p>{lines}{listed}</div>')


def notices_list(notices: Iterable[Problem], words: Words) -> Html:
    """What was noticed about the input: what, found, what to do."""
    problems = list({str(problem): problem for problem in notices}.values())
    if not problems:
        return Html(f"<p>{html_text(words('notices.none'))}</p>")
    listed = "".join(_notice(problem, words) for problem in problems)
    title = html_text(words("notices.title"))
    return Html(f'<div class="caveats"><p><b>{title}</b></p>{listed}</div>')


def block(lines: list[str]) -> Html:
    """The first line in bold, the others below."""
    first, *rest = [html_text(line) for line in lines if line]
    below = "".join(f"<p>{line}</p>" for line in rest)
    return Html(f'<div class="answer"><p class="lead"><b>{first}</b></p>{below}</div>')


def _over(outlook: "Outlook", words: Words, target: float | None) -> list[str]:
    actual = float(outlook.actual.sum())
    facts = {"period": words.period(outlook.period), "actual": words.money(actual)}
    if target is None:
        return [words("answer.over_open", **facts)]
    key = "answer.over_reached" if round(actual, 2) >= round(target, 2) else "answer.over_missed"
    lead = words(
        key,
        **facts,
        target=words.money(target),
        attainment=words.percent(actual / target, digits=1),
        rest=words.money(max(target - actual, 0.0)),
    )
    return [lead, _against_last_year(outlook, words, target)]


def _against_last_year(outlook: "Outlook", words: Words, target: float) -> str:
    last_year = float(outlook.last_year.sum()) if outlook.last_year.notna().all() else 0.0
    if last_year <= 0:
        return words("answer.no_last")
    growth = target / last_year - 1
    key = "like" if abs(growth) < ALIKE else "above" if growth > 0 else "below"
    percent = words.percent(abs(growth), digits=1)
    return words(f"answer.{key}_last", percent=percent, last_year=words.money(last_year))


def _standing(outlook: "Outlook", words: Words, target: float | None) -> str:
    """Where the period stands on its last known day."""
    period, as_of = outlook.period, outlook.as_of.date()
    if as_of < period.start:
        days = (period.start - as_of).days
        if days == 1:
            return words("answer.begins_next", as_of=words.date(as_of))
        return words("answer.begins", as_of=words.date(as_of), days=words.count(days))
    actual = float(outlook.actual.sum())
    facts = {
        "as_of": words.date(as_of),
        "actual": words.money(actual),
        "left": words.count((period.end - as_of).days),
        "days": words.count((period.end - period.start).days + 1),
    }
    if target is None:
        return words("answer.running_open", **facts)
    if actual >= target:
        return words("answer.running_done", **facts)
    attainment = words.percent(actual / target, digits=1)
    return words(
        "answer.running", **facts, attainment=attainment, rest=words.money(target - actual)
    )


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
    return [lines[0], _gap(words).join(lines[1:])]


def _few_tests(paths: "SamplePaths", words: Words) -> list[str]:
    """Few past tests, or ranges that held too seldom or too often."""
    if paths.n_origins == 0:
        return [words("caveat.no_origins")]
    said = []
    if paths.n_origins < FEW_ORIGINS:
        said.append(words("caveat.few_origins", count=words.count(paths.n_origins)))
    skill = paths.skill
    whole = skill[(skill["unit"] == "") & (skill["model"] == "workbench")] if len(skill) else skill
    held = float(whole["coverage_80"].iloc[0]) if len(whole) else float("nan")
    if abs(held - 0.8) > OFF:
        direction = words("direction.larger" if held < 0.8 else "direction.smaller")
        said.append(words("caveat.spread", coverage=words.percent(held), direction=direction))
    return said


def _left_out(report: "DataReport", words: Words) -> str:
    what = report.table(words.language).iloc[:, 0]
    said = dict(zip((entry.rule for entry in report.entries), what, strict=True))
    dropped = sorted(
        (entry for entry in report.dropped.values() if entry.rows), key=lambda e: -e.rows
    )
    if not dropped:
        return words("data.all")
    items = [
        words("data.left_item", what=said[entry.rule], rows=words.count(entry.rows))
        for entry in dropped[:LISTED]
    ]
    return words("data.left_out", list=("、" if words.language == "zh" else ", ").join(items))


def _notice(problem: Problem, words: Words) -> str:
    what, found, do = (html_text(part) for part in words.problem(problem))
    return f'<p class="notice"><b>{what}</b>{found}<br><span class="do">{do}</span></p>'


def _gap(words: Words) -> str:
    """What stands between two sentences."""
    return "" if words.language == "zh" else " "
