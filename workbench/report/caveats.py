"""What to keep in mind before acting: few past tests, short history, and all that was noticed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from workbench.errors import Problem
from workbench.report.prose import Html
from workbench.report.safe import html_text
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.forecast.paths import SamplePaths
    from workbench.panel.panel import Panel

FEW_ORIGINS = 6
YEAR_DAYS = 371
OFF = 0.15
PLANS = ("forecast.plans_end", "forecast.plans_unused")


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


def _notice(problem: Problem, words: Words) -> str:
    what, found, do = (html_text(part) for part in words.problem(problem))
    return f'<p class="notice"><b>{what}</b>{found}<br><span class="do">{do}</span></p>'
