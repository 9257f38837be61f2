"""What a campaign is simulated from: numbers, ranges or distributions, each with its source.

An input may be given as a number (``0.2``), as a range ``(low, high)`` or ``(low, most likely,
high)``, as a :class:`Distribution`, as its mapping (``{"kind": "beta", "parameters": [12, 88],
"source": "history"}``), or left out (None): then the prior in ``priors/<kind>.yaml`` stands in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from workbench.campaign.counts import Floats
from workbench.campaign.distribution import KINDS, Distribution
from workbench.campaign.meaning import Meaning, meanings
from workbench.campaign.streams import Streams
from workbench.errors import Problem

Given: TypeAlias = float | Sequence[float] | Mapping[str, Any] | Distribution | None
GIVEN = "given"
"""Source of what the planner wrote without saying where it comes from."""
TAILS = np.array([0.001, 0.5, 0.999])


@dataclass(frozen=True, eq=False)
class Drawn:
    """The inputs of one campaign, one value per path.

    Attributes:
        kind: the kind of campaign, first part of the inputs' names.
        values: input → (n_paths,).
        used: input → the distribution it was drawn from, with its source.
    """

    kind: str
    values: Mapping[str, Floats]
    used: Mapping[str, Distribution]

    def __getitem__(self, name: str) -> Floats:
        """The input as a column (n_paths, 1), to meet arrays (n_paths, n_units)."""
        return self.values[name][:, None]

    @property
    def uncertain(self) -> tuple[str, ...]:
        """The inputs that differ from path to path."""
        return tuple(name for name, value in self.values.items() if np.ptp(value) > 0)


def read_inputs(
    kind: str, campaign: str, given: Mapping[str, Given]
) -> tuple[dict[str, Distribution], list[Problem]]:
    """Every input as a distribution, and everything that is wrong with them.

    Args:
        kind: kind of campaign.
        campaign: its name, for messages.
        given: input → what the planner gave.

    >>> given = {"pay_rate": (0.5, 0.7, 0.9), "joiners": None}
    >>> used, wrong = read_inputs("group_buy", "拼团", given)
    >>> used["pay_rate"].text(), used["pay_rate"].source, wrong
    ('0.7 (0.5–0.9)', 'given', [])
    >>> used, wrong = read_inputs("group_buy", "拼团", {"pay_rate": 1.4})
    >>> wrong[0].code
    'campaign.out_of_range'
    """
    known = meanings(kind)
    used: dict[str, Distribution] = {}
    problems: list[Problem] = []
    for name, value in given.items():
        meaning = known[name]
        facts = {"campaign": campaign, "input": name, "label": meaning.label}
        found = meaning.prior if value is None else _read(value)
        if found is None:
            code = "campaign.missing_input" if value is None else "campaign.not_a_number"
            problems.append(Problem(code, {**facts, "value": repr(value)[:80]}))
        elif not found.sound:
            problems.append(Problem("campaign.bad_distribution", {**facts, **_told(found)}))
        elif outside := _outside(found, meaning):
            problems.append(Problem("campaign.out_of_range", {**facts, **outside}))
        else:
            used[name] = found
    return used, problems


def draw_inputs(
    kind: str, used: Mapping[str, Distribution], streams: Streams, n_paths: int
) -> Drawn:
    """One value of every input per path, spread evenly over its distribution.

    The levels are stratified (one in each n-th part of the distribution, in random order), so that
    means and ranges of the inputs hold almost exactly also with few paths.
    """
    known = meanings(kind)
    values = {}
    for name, distribution in used.items():
        if distribution.kind == "fixed":
            values[name] = np.full(n_paths, distribution.parameters[0])
            continue
        rng = streams.of(f"input {name}")
        levels = (rng.permutation(n_paths) + rng.random(n_paths)) / n_paths
        drawn = distribution.at(np.clip(levels, 1e-9, 1.0 - 1e-9))
        values[name] = np.clip(drawn, known[name].least, known[name].most)
    return Drawn(kind=kind, values=values, used=used)


def as_distribution(value: Given, *, source: str = GIVEN) -> Distribution:
    """A number, range or mapping as a distribution from the stated source.

    >>> as_distribution(4.5, source="history")
    Distribution(kind='fixed', parameters=(4.5,), source='history')

    Raises:
        ValueError: for what is none of them.
    """
    found = _read(value)
    if found is None:
        raise ValueError(f"neither number, range nor distribution: {value!r}")
    return replace(found, source=source) if found.source == GIVEN else found


def _read(value: object) -> Distribution | None:
    """None where it is not a number, range or distribution."""
    if isinstance(value, Distribution):
        return value
    if isinstance(value, Mapping):
        numbers = _numbers(value.get("parameters"))
        if numbers is None or value.get("kind") not in KINDS:
            return None
        return Distribution(value["kind"], numbers, str(value.get("source", GIVEN)))
    single = _number(value)
    if single is not None:
        return Distribution("fixed", (single,), GIVEN)
    numbers = _numbers(value)
    if numbers is None or len(numbers) not in (2, 3):
        return None
    return Distribution("uniform" if len(numbers) == 2 else "triangular", numbers, GIVEN)


def _number(value: object) -> float | None:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        return None
    return float(value)


def _numbers(value: object) -> tuple[float, ...] | None:
    if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray):
        return None
    numbers = [_number(one) for one in value]
    return None if None in numbers else tuple(one for one in numbers if one is not None)


def _told(found: Distribution) -> dict[str, str]:
    shown = ", ".join(f"{one:g}" for one in found.parameters[:5])
    return {"value": f"{found.kind} ({shown})"}


def _outside(found: Distribution, meaning: Meaning) -> dict[str, str]:
    """The facts of a message where the distribution leaves what makes sense."""
    low, _, high = found.at(TAILS)
    if meaning.least <= low and high <= meaning.most:
        return {}
    most = "∞" if np.isinf(meaning.most) else f"{meaning.most:g}"
    return {"value": found.text(), "least": f"{meaning.least:g}", "most": most}
