"""What measured effects of the shop's own past discounts say about the next."""

from workbench.campaign.discount_fit import DISCOUNT, fit_discounts
from workbench.data.past_tables import read_past_discounts
from workbench.data.sales import Sales
from workbench.errors import Problem
from workbench.params.models import CampaignParams
from workbench.run.learned import Learned


def learn_discounts(params: CampaignParams, sales: Sales) -> Learned:
    """The elasticity of orders to the depth of a discount, from the table of measured effects.

    Raises:
        DataError: a file that cannot be read.
        CampaignError: depths that are no shares, effects without an error.
    """
    if not params.past_discounts:
        return Learned()
    past = read_past_discounts(params.file("past_discounts"), as_of=sales.as_of.date())
    if past.empty:
        return Learned()
    fit = fit_discounts(past)
    facts: dict[str, object] = {
        "count": fit.n_discounts,
        "mean": f"{fit.pooled.mean:.2f}",
        "error": f"{fit.pooled.error:.2f}",
        "between": f"{fit.pooled.between:.2f}",
        "next": fit.elasticity.text(),
    }
    said = Problem("plan.few_discounts" if fit.few else "plan.learned_discounts", facts)
    return Learned({DISCOUNT: fit.inputs()}, notices=(said,))
