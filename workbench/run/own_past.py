"""What the shop's own past says about the campaigns that it plans: of every kind, where it can."""

from collections.abc import Mapping

from workbench.campaign.distribution import Distribution
from workbench.data.sales import Sales
from workbench.params.models import CampaignParams
from workbench.run.learned import Learned
from workbench.run.past_ads import learn_ads
from workbench.run.past_discounts import learn_discounts
from workbench.run.past_drives import learn_drives
from workbench.run.past_groups import learn_groups

LEARN = (learn_groups, learn_ads, learn_drives, learn_discounts)


def learned_inputs(params: CampaignParams, sales: Sales) -> Learned:
    """Inputs from past group-buys in the order lines and from the tables of past campaigns.

    Raises:
        DataError: a file that cannot be read.
        CampaignError: a table of past campaigns with values that cannot be.
    """
    parts = [learn(params, sales) for learn in LEARN]
    inputs: dict[int | str, Mapping[str, Distribution | float]] = {}
    groups: dict[int, int] = {}
    for part in parts:
        inputs.update(part.inputs)
        groups.update(part.groups)
    return Learned(inputs, groups, tuple(problem for part in parts for problem in part.notices))
