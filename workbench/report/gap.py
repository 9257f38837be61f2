"""What closes the gap: in sentences, as a figure of cost against probability, as a table."""

from typing import TYPE_CHECKING

from workbench.report import style
from workbench.report.fields import size_text
from workbench.report.figures import parts
from workbench.report.prose import Html, block
from workbench.report.safe import html_text, shorten
from workbench.report.tables.campaign import points
from workbench.report.tables.sheet import Column, amounts, chances, money_note, sheet
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT
    from matplotlib.axes import Axes

    from workbench.campaign.gap_plan import GapPlan, Mix
    from workbench.campaign.options import Choice

WIDTH = 60


def gap_answer(gap: "GapPlan | None", words: Words) -> Html:
    """Which mix reaches the target and what it costs, or how likely it can be made at best."""
    if gap is None:
        return Html(f"<p>{html_text(words('closing.none'))}</p>")
    facts = {
        "target": words.money(round(gap.target)),
        "wanted": words.probability(gap.wanted),
        "before": words.probability(gap.baseline),
    }
    if not gap.needed:
        return block([words("closing.no_more" if gap.planned else "closing.unneeded", **facts)])
    best = gap.best
    facts |= {"after": words.probability(best.probability), "cost": words.money(round(best.cost))}
    lines = [words("closing.reached" if gap.reached else "closing.short", **facts)]
    if gap.planned:
        lines.append(words("closing.planned", count=words.count(len(gap.planned))))
    lines += [
        words("closing.run", name=shorten(one.option, WIDTH), days=_days(one, words))
        for one in best.choices
    ]
    margin = "closing.margin" if best.margin >= 0 else "closing.margin_loss"
    brought = {
        "sales": words.money(round(best.sales)),
        "margin": words.money(round(abs(best.margin))),
    }
    lines.append(words(margin, **brought))
    if not gap.proven:
        lines.append(words("closing.unproven"))
    return block(lines)


def frontier_chart(
    gap: "GapPlan | None", words: Words, *, ax: "Axes | None" = None
) -> "Axes | None":
    """The likeliest mix for each cost; None where no gap was to be closed."""
    if gap is None or not gap.needed:
        return None
    with style.house_style():
        ax = ax or style.new_axes(height=3.6)
        rows = gap.frontier
        ax.step(rows["cost"], rows["probability"], where="post", color=style.BLUE, linewidth=2.2)
        ax.plot(rows["cost"], rows["probability"], "o", color=style.BLUE, markersize=5)
        best = (gap.best.cost, gap.best.probability)
        ax.plot(*best, "D", color=style.ORANGE, markersize=9, zorder=5)
        ax.axhline(gap.wanted, color=style.MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
        low = min(gap.baseline, float(rows["probability"].min()))
        high = max(gap.wanted, float(rows["probability"].max()))
        room = max(0.08 * (high - low), 0.01)
        ax.set_ylim(max(low - room, 0.0), min(high + 2 * room, 1.05))
        parts.money_axis(ax.xaxis, words, "closing.axis")
        parts.probability_axis(ax.yaxis, words)
        subtitle = words("closing.chart.subtitle", wanted=words.probability(gap.wanted))
        title = words("closing.chart", target=words.short(gap.target))
        return style.finish(ax, title=title, subtitle=subtitle)


def mixes_table(gap: "GapPlan | None", words: Words) -> "GT | Html":
    """The best mix and the runners-up: campaigns, cost, sales, margin, probability."""
    if gap is None or not gap.needed:
        return Html("")
    mixes = [gap.best, *gap.runners_up]
    columns = [
        Column(words("closing.mix"), tuple(_named(mix, words, gap) for mix in mixes), number=False),
        amounts(words("closing.cost"), [mix.cost for mix in mixes], words),
        amounts(words("campaigns.increment"), [mix.sales for mix in mixes], words),
        amounts(words("closing.after_cost"), [mix.margin for mix in mixes], words),
        chances(words("closing.chance"), [mix.probability for mix in mixes], words),
    ]
    title, note = words("closing.mixes"), money_note(words)
    return sheet("gap_mixes", columns, words, title=title, note=note, bold=(0,))


def adds_table(gap: "GapPlan | None", words: Words) -> "GT | Html":
    """What each campaign of the best mix costs, sells and adds to the probability."""
    if gap is None or not gap.needed or gap.contributions.empty:
        return Html("")
    rows = gap.contributions
    columns = [
        Column(
            words("closing.campaign"),
            tuple(_told(one, words) for one in gap.best.choices),
            number=False,
        ),
        amounts(words("closing.cost"), list(rows["cost"]), words),
        amounts(words("campaigns.increment"), list(rows["sales"]), words),
        chances(words("closing.without"), list(rows["probability_without"]), words),
        Column(words("closing.adds"), tuple(points(one, words) for one in rows["adds"])),
    ]
    note = f"{money_note(words)}\n{words('closing.adds.note')}"
    return sheet("gap_adds", columns, words, title=words("closing.each"), note=note)


def _named(mix: "Mix", words: Words, gap: "GapPlan") -> str:
    nothing = words("closing.nothing_more" if gap.planned else "closing.nothing")
    return " + ".join(_told(one, words) for one in mix.choices) or nothing


def _told(one: "Choice", words: Words) -> str:
    size = size_text(one.campaign.kind, one.changes, words)
    size += ("；" if words.language == "zh" else "; ") if size else ""
    return f"{shorten(one.option, WIDTH)} ({size}{words.date(one.start)})"


def _days(one: "Choice", words: Words) -> str:
    days = words.dates(one.start, one.end)
    size = size_text(one.campaign.kind, one.changes, words)
    return f"{days} · {size}" if size else days
