"""Why the proposed target is what it is, in sentences."""

from typing import TYPE_CHECKING

from workbench.report.prose import Html, block
from workbench.report.safe import shorten
from workbench.report.words import Words

if TYPE_CHECKING:
    from workbench.target.reasons import Reasons

TOO_SMALL = 0.002
"""Steps below this share of the base are not worth a sentence."""
STEPS = ("last_year", "festivals", "growth", "other")


def reasons_answer(why: "Reasons", words: Words) -> Html:
    """What drove the base: last year, growth, festivals, plans, assumptions."""
    steps = dict(zip(why.parts["cause"], why.parts["amount"], strict=True))
    base = words.money(why.base)
    if "last_year" not in steps:
        lines = [words("reasons.lead_new", base=base)]
    else:
        last = words.money(steps["last_year"])
        known = why.growth == why.growth
        growth = words.percent(why.growth, digits=1, sign=True) if known else ""
        key = "reasons.lead" if known else "reasons.lead_no_growth"
        lines = [words(key, base=base, last_year=last, growth=growth)]
        for cause in ("festivals", "other"):
            amount = steps[cause]
            if abs(amount) >= TOO_SMALL * abs(why.base):
                direction = "more" if amount > 0 else "less"
                lines.append(words(f"reasons.{cause}_{direction}", amount=words.money(abs(amount))))
    lines.append(_plans(why, words))
    for cause, amount in steps.items():
        if cause not in STEPS:
            label = shorten(cause, 40)
            key = "reasons.campaign" if cause in why.campaigns else "reasons.assumed"
            lines.append(words(key, label=label, amount=words.money(amount)))
    return block(lines)


def _plans(why: "Reasons", words: Words) -> str:
    items = [
        words(
            "reasons.plan",
            name=words.either(f"plan.{row['column']}", row["column"]),
            planned=words.count(row["planned"]),
            last_year=words.count(row["last_year"]),
        )
        for row in why.plans.to_dict("records")
    ]
    if not items:
        return ""
    return words("reasons.plans", list=("；" if words.language == "zh" else "; ").join(items))
