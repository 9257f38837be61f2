"""What a planner reads first about a target, and how it was split, in sentences."""

from typing import TYPE_CHECKING

from workbench.report.prose import Html, between, block
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.target.allocate import Allocation
    from workbench.target.outlook import Outlook

VERDICTS = ((0.8, "safe"), (0.55, "likely"), (0.45, "even"), (0.15, "unlikely"), (0.0, "far"))
ALIKE = 0.005


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
            _against_last_year(outlook, words, target) + between(words.language) + missing,
            _standing(outlook, words, target),
        ]
    )


def allocation_answer(plan: "Allocation", words: Words) -> Html:
    """How the target was split, and who finds it hardest."""
    asked = plan.targets > 0
    carried = plan.probabilities[asked] if asked.any() else plan.probabilities
    chances = carried.sort_values(kind="stable")
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
        lines.append(
            words("split.held", count=words.count(held), total=words.count(len(plan.targets)))
        )
    if len(chances) > 1:
        company = words.probability(plan.company_probability)
        lines.append(words("split.company", probability=company))
    return block(lines)


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
