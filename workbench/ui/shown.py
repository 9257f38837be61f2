"""What the explorer's widgets say, as HTML: the answer, a unit's share and chance, problems."""

import numpy as np

from workbench.errors import Problem
from workbench.report import style
from workbench.report.safe import html_text
from workbench.report.target_prose import answer
from workbench.report.words import Words
from workbench.target.allocate import Allocation
from workbench.target.outlook import Outlook

BOX = "margin:4px 0;padding:8px 16px;border-left:4px solid {edge};background:{wash};line-height:1.5"
CELL = "display:inline-block;width:{width}px;text-align:right;font-variant-numeric:tabular-nums"
SHARE_WIDTH, BAR_WIDTH, GROWTH_WIDTH = 64, 120, 96


def answer_html(outlook: Outlook, words: Words, target: float) -> str:
    """What the report says of the target."""
    return boxed(answer(outlook, words, target=target))


def boxed(block: str) -> str:
    """A block of the report's sentences in a box of its own."""
    return f'<div style="{BOX.format(edge=style.BLUE, wash="#eef5fb")}">' + _lead(str(block))


def _lead(block: str) -> str:
    """The report's block with its first line large; the page's style sheet is not at hand."""
    inside = block[block.index(">") + 1 :]
    large = 'style="font-size:1.25em;font-weight:600;margin:2px 0"'
    return inside.replace('class="lead"', large).replace("<p>", '<p style="margin:2px 0">')


def problems_html(problems: tuple[Problem, ...], words: Words, *, note: str = "") -> str:
    """Each problem in its three parts; nothing where there is none."""
    if not problems:
        return ""
    box = BOX.format(edge=style.RED, wash="#fdf1ee")
    text = "\n\n".join([*_told(problems, words), *([html_text(note)] if note else [])])
    return f'<div style="{box};white-space:pre-wrap" role="alert">{text}</div>'


def notices_html(notices: tuple[Problem, ...], words: Words) -> str:
    """What was noticed, folded: how many, and on a click each in its three parts."""
    if not notices:
        return ""
    box = BOX.format(edge=style.ORANGE, wash="#fff7ec")
    head = f"<summary>{html_text(words('caveats.title'))} ({len(notices)})</summary>"
    text = "\n\n".join(_told(notices, words))
    return f'<details style="{box};white-space:pre-wrap">{head}{text}</details>'


def _told(problems: tuple[Problem, ...], words: Words) -> list[str]:
    return [
        f"{html_text(what)}\n{html_text(found)}\n{html_text(do)}"
        for what, found, do in (words.problem(problem) for problem in problems)
    ]


def heads_html(words: Words) -> str:
    """The heads of the columns that :func:`part_html` fills."""
    return _cells(words("explore.share"), words("probability"), words("explore.growth"))


def part_html(plan: Allocation, unit: str, words: Words) -> str:
    """A unit's share of the target, its probability as a bar and a number, its growth."""
    likely, target = float(plan.probabilities[unit]), float(plan.targets[unit])
    before = float(plan.history[unit])
    colour = style.ORANGE if likely < 0.35 else style.BLUE if likely >= 0.65 else "#8a97a6"
    bar = (
        f'<span style="display:inline-block;height:10px;margin-right:6px;background:{colour};'
        f'width:{likely * (BAR_WIDTH - 44):.0f}px"></span>{words.probability(likely)}'
    )
    growth = words.percent(target / before - 1, digits=1, sign=True) if before > 0 else "–"
    return _cells(words.percent(target / plan.target, digits=1), bar, growth)


def rest_html(plan: Allocation, units: list[str], words: Words) -> str:
    """The units that have no row of their own, together; nothing where all have one."""
    if not units:
        return ""
    amount = float(np.sum(plan.targets[units].to_numpy()))
    facts = {"count": words.count(len(units)), "amount": words.money(amount)}
    return html_text(words("explore.rest", **facts, share=words.percent(amount / plan.target)))


def _cells(share: str, chance: str, growth: str) -> str:
    widths = (SHARE_WIDTH, BAR_WIDTH + 16, GROWTH_WIDTH)
    return "".join(
        f'<span style="{CELL.format(width=width)}">{text}</span>'
        for width, text in zip(widths, (share, chance, growth), strict=True)
    )
