"""What a planner reads first of a period under way, and what drove the gap, in sentences."""

from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.figures.gap import gap_bars
from workbench.report.prose import Html, block
from workbench.report.safe import shorten
from workbench.report.target_prose import answer
from workbench.report.words import Words
from workbench.target.pace import pace

if TYPE_CHECKING:
    from workbench.target.gap import Gap
    from workbench.target.tracking import Tracking

ALIKE = 0.02
ON_PACE = 0.002
NOTABLE = 0.15
"""A part is named when it is at least this share of the largest one."""
MOST_NAMED = 3


def tracking_answer(tracking: "Tracking", words: Words, *, given: bool = True) -> Html:
    """Where the period stands: sold, ahead or behind, heading where, how likely, at what rate.

    Args:
        tracking: the period.
        words: language and currency.
        given: whether somebody set the target.
    """
    stand_in = words("track.no_target", target=words.money(tracking.goal))
    if tracking.over:
        return answer(tracking.now, words, target=tracking.goal)
    facts = {
        "period": words.period(tracking.period),
        "as_of": words.date(tracking.as_of.date()),
        "target": words.money(tracking.goal),
        "probability": words.probability(tracking.probability()),
    }
    said = [] if given else [stand_in]
    if not tracking.begun:
        return block([words("track.not_begun", **facts), *said])
    row = pace(tracking).iloc[0]
    lead = words(
        "track.running",
        **facts,
        actual=words.money(row["actual"]),
        attainment=words.percent(row["attainment"], digits=1),
        ahead=_ahead(float(row["ahead"]), float(row["due"]), words),
    )
    heading = words(
        "track.projected",
        **facts,
        projected=words.money(row["projected"]),
        low=words.money(row["projected_low"]),
        high=words.money(row["projected_high"]),
    )
    change = float(row["probability"] - row["probability_start"])
    moved = "unmoved" if abs(change) < ALIKE else "moved_up" if change > 0 else "moved_down"
    since = words(f"track.{moved}", start=words.probability(row["probability_start"]))
    return block([lead, heading + _space(words) + since, _rate(tracking, words), *said])


def gap_answer(gap: "Gap", tracking: "Tracking", words: Words) -> Html:
    """What drove the gap: where, target or sales, price or volume, traffic, common or special."""
    if not tracking.begun:
        return block([words("drove.none")])
    key = "drove.lead_behind" if gap.total < 0 else "drove.lead_ahead"
    said = [words(key, amount=words.money(abs(gap.total)))]
    if len(tracking.units) > 1:
        said.append(_where(gap, words))
    expectation = gap.causes("expectation")
    target, sales = float(expectation["target"]), float(expectation["sales"])
    said.append(
        words(
            "drove.target_high" if target < 0 else "drove.target_low",
            target=words.money(abs(target)),
            sales=words.money(abs(sales)),
            direction=words("drove.above" if sales >= 0 else "drove.below"),
        )
    )
    for view in ("price_volume_mix", "funnel"):
        if view in gap.views:
            parts = [_item(name, amount, words) for name, amount in gap_bars(gap, view, words)]
            said.append(words(f"drove.{view}", list=words.listed(parts)))
    if len(tracking.units) > 1:
        said.append(_special(gap, words))
    return block(said)


def _where(gap: "Gap", words: Words) -> str:
    """The units that make most of the gap, and those that go the other way."""
    parts = gap.view("unit").set_index("unit")["amount"].drop("", errors="ignore")
    with_it = parts[parts * gap.total > 0]
    against = parts[parts * gap.total < 0]
    lines = [words("drove.unit", list=_named(with_it, words))] if len(with_it) else []
    against = against[against.abs() >= NOTABLE * parts.abs().max()]
    if len(against):
        lines.append(words("drove.against", list=_named(against, words)))
    return _space(words).join(lines)


def _special(gap: "Gap", words: Words) -> str:
    """What is common to all, and the largest special effects."""
    market, *rest = gap_bars(gap, "effects", words)
    rest.sort(key=lambda bar: -abs(bar[1]))
    parts = [_item(name, amount, words) for name, amount in rest[:MOST_NAMED]]
    common = signed_money(market[1], words)
    return words("drove.effects", market=common, list=words.listed(parts)) if parts else ""


def _named(parts: "pd.Series[float]", words: Words) -> str:
    """The largest parts: name and amount."""
    largest = parts.reindex(parts.abs().sort_values(ascending=False, kind="stable").index)
    notable = largest[largest.abs() >= NOTABLE * largest.abs().max()][:MOST_NAMED]
    return words.listed([_item(str(name), float(v), words) for name, v in notable.items()])


def _item(name: str, amount: float, words: Words) -> str:
    return words("drove.item", name=shorten(name, 40), amount=signed_money(amount, words))


def signed_money(amount: float, words: Words) -> str:
    """An amount with its sign, also above zero."""
    return f"+{words.money(amount)}" if round(amount) > 0 else words.money(amount)


def _ahead(ahead: float, due: float, words: Words) -> str:
    if due <= 0 or abs(ahead) < ON_PACE * due:
        return words("track.on_pace")
    key = "track.ahead" if ahead > 0 else "track.behind"
    return words(
        key, amount=words.money(abs(ahead)), percent=words.percent(abs(ahead) / due, digits=1)
    )


def _rate(tracking: "Tracking", words: Words) -> str:
    """What is needed per day from now on, and whether that has ever been reached."""
    row = tracking.needed.iloc[0]
    if row["remaining"] == 0:
        return words("track.done")
    needed = words(
        "track.needed",
        days=f"{row['days_left']:,.0f}",
        needed=words.money(row["needed_per_day"]),
        recent=words.money(row["recent_per_day"]),
        expected=words.money(row["expected_per_day"]),
    )
    ever = words("track.before" if row["reached_before"] else "track.never")
    return needed + _space(words) + ever


def _space(words: Words) -> str:
    return "" if words.language == "zh" else " "
