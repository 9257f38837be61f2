"""The people behind the units of a campaign plan, from the staff table of the parameters."""

from workbench.data.sales import Sales
from workbench.data.staff import load_staff
from workbench.panel.panel import Panel
from workbench.params.models import CampaignParams
from workbench.target.capacity import Capacity, capacity
from workbench.target.outlook import Outlook


def staff_capacity(
    params: CampaignParams, sales: Sales, panel: Panel, outlook: Outlook
) -> Capacity | None:
    """The most that the people of each unit can sell in the period; None without ``staff_file``.

    Raises:
        DataError: a staff table that cannot be used.
        TargetError: a staff table that has nothing to do with the units, or nobody there at all.
    """
    if not params.staff_file:
        return None
    staff = load_staff(params.file("staff_file"), mapping=params.file("mapping"))
    return capacity(staff, sales.keys, period=outlook.period, panel=panel)
