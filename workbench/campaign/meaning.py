"""What each input of a simulator means, what it may be, and the prior behind it: ``priors/``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from workbench.campaign.distribution import Distribution
from workbench.errors import Language


@dataclass(frozen=True)
class Meaning:
    """One input of a simulator.

    Attributes:
        name: as the simulator's parameter is called.
        label: what it is called in reports, per language.
        least, most: the values it may take.
        prior: what stands in when the planner gives nothing; None where nothing can.
    """

    name: str
    label: Mapping[Language, str]
    least: float
    most: float
    prior: Distribution | None


@cache
def meanings(kind: str) -> Mapping[str, Meaning]:
    """The inputs of one kind of campaign, those common to all kinds first.

    >>> meanings("group_buy")["pay_rate"].label["zh"]
    '付款转化率'
    """
    return {
        name: Meaning(
            name=name,
            label=entry["label"],
            least=float(entry.get("least", 0.0)),
            most=float(entry.get("most", float("inf"))),
            prior=_prior(entry.get("prior")),
        )
        for name, entry in {**_read("common"), **_read(kind)}.items()
    }


def _prior(entry: Mapping[str, Any] | None) -> Distribution | None:
    if entry is None:
        return None
    numbers = tuple(float(number) for number in entry["parameters"])
    return Distribution(entry["kind"], numbers, entry["source"])


@cache
def _read(kind: str) -> Mapping[str, Any]:
    import yaml

    text = resources.files("workbench").joinpath(f"campaign/priors/{kind}.yaml").read_text("utf-8")
    catalogue: Mapping[str, Any] = yaml.safe_load(text)
    return catalogue
