"""What the quantities of a ledger are counted in, and what they are called: ``quantities/``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from workbench.errors import Language


@dataclass(frozen=True)
class Quantity:
    """One quantity of a ledger: its name, what it is counted in, its label per language."""

    name: str
    measure: str
    label: Mapping[Language, str]


@cache
def quantities(kind: str) -> Mapping[str, Quantity]:
    """All quantities that a campaign of this kind may book.

    >>> quantities("group_buy")["opens"].measure, quantities("group_buy")["sales"].label["zh"]
    ('groups', '活动净销售额')
    """
    rows = {**_read("common"), **_read(kind)}
    return {
        name: Quantity(name, row["measure"], {"en": row["en"], "zh": row["zh"]})
        for name, row in rows.items()
    }


@cache
def _read(kind: str) -> Mapping[str, Mapping[str, str]]:
    import yaml

    path = f"campaign/quantities/{kind}.yaml"
    rows: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        resources.files("workbench").joinpath(path).read_text("utf-8")
    )
    return rows
