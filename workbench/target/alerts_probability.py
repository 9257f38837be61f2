"""A target that slips away: its probability crossed a level, and not by chance alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from workbench.target.alerts_found import Found

if TYPE_CHECKING:
    from workbench.target.tracking import Tracking

LEVELS = (0.2, 0.5, 0.8)
MARGIN = 0.05
"""A level is crossed by so much on both sides: from above 55 % to below 45 % (hysteresis)."""


def slipping(tracking: "Tracking", running: Iterable[Found]) -> Iterator[Found]:
    """Events in which the running total left its band and took the probability across a level.

    Even where nothing changes, every probability ends at nought or one, so a crossing alone is no
    news: half of all even targets are missed. It is told when the total to date also strays
    further from what was expected than it does while nothing changes.
    """
    for event in running:
        course = tracking.course[tracking.course["unit"] == event.unit].sort_values("as_of")
        if event.unit not in set(tracking.course["unit"]) or len(course) < 2:
            continue
        crossing = _crossing(course, event)
        if crossing is not None:
            yield crossing


def _crossing(course: pd.DataFrame, event: Found) -> Found | None:
    start = float(course["probability"].iloc[0])
    down = event.direction == "down"
    since = course[course["as_of"] >= pd.Timestamp(event.date)]
    for now in since["probability"].astype(float):
        if down:
            crossed = [x for x in LEVELS if start >= x + MARGIN and now <= x - MARGIN]
        else:
            crossed = [x for x in LEVELS if start <= x - MARGIN and now >= x + MARGIN]
        if crossed:
            level = min(crossed) if down else max(crossed)
            latest = float(course["probability"].iloc[-1])
            facts = {**event.facts, "before": start, "now": latest, "level": level}
            return replace(event, facts=facts)
    return None
