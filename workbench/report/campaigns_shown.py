"""Figures and tables of all planned campaigns, one after the other, or that there are none."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workbench.report.figures.campaign import course_chart, funnel_chart, tornado_chart
from workbench.report.prose import Html
from workbench.report.safe import html_text
from workbench.report.tables.campaign import (
    bridge_table,
    campaigns_table,
    costs_table,
    effect_table,
    sources_table,
)
from workbench.report.words import Words

if TYPE_CHECKING:
    from great_tables import GT
    from matplotlib.axes import Axes

    from workbench.calendar.period import Period
    from workbench.campaign.simulation import Simulation

MOST = 8
"""Campaigns drawn one by one; the tables hold all."""


def campaigns_or_note(table: pd.DataFrame, words: Words, *, period: "Period") -> "GT | Html":
    """What each campaign brings, or that none is given."""
    if table.empty:
        return Html(f"<p>{html_text(words('campaigns.none'))}</p>")
    return campaigns_table(table, words, period=period)


def costs_or_nothing(table: pd.DataFrame, words: Words) -> "GT | Html":
    """What each campaign costs, where there are any."""
    return Html("") if table.empty else costs_table(table, words)


def steps_or_nothing(steps: pd.DataFrame, words: Words, *, period: "Period") -> "GT | Html":
    """The outlook without, with each, and with all planned campaigns; nothing without any."""
    return Html("") if len(steps) < 2 else effect_table(steps, words, period=period)


def funnel_charts(campaigns: "Sequence[Simulation]", words: Words) -> "list[Axes]":
    """The funnel of each campaign that has one."""
    return [funnel_chart(one, words) for one in campaigns[:MOST] if one.steps]


def course_charts(
    campaigns: "Sequence[Simulation]", words: Words, *, period: "Period"
) -> "list[Axes]":
    """The days of each campaign."""
    return [course_chart(one, words, period=period) for one in campaigns[:MOST]]


def tornado_charts(campaigns: "Sequence[Simulation]", words: Words) -> "list[Axes]":
    """What each campaign depends on; none for one without uncertain inputs."""
    return [tornado_chart(one, words) for one in campaigns[:MOST] if one.inputs.uncertain]


def bridge_tables(campaigns: "Sequence[Simulation]", words: Words) -> Html:
    """The money of each campaign, one table below the other."""
    return Html("".join(bridge_table(one, words).as_raw_html() for one in campaigns[:MOST]))


def sources_or_nothing(campaigns: "Sequence[Simulation]", words: Words) -> "GT | Html":
    """Where the inputs come from, where there are campaigns."""
    return sources_table(campaigns, words) if campaigns else Html("")
