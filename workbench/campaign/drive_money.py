"""What the orders of a distribution drive are worth, and what they cost."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.aftermath import Worth, book_margin, book_other_sales
from workbench.campaign.commission import Lot, Settlement, book_orders
from workbench.campaign.counts import Floats, binomial
from workbench.campaign.drive_flow import Flow
from workbench.campaign.group_buy import spread_whole
from workbench.campaign.quotas import SELLERS, bonus, quotas, shared_tasks
from workbench.campaign.scene import Scene
from workbench.campaign.tasks import meeting, unequal

if TYPE_CHECKING:
    from workbench.campaign.drive import DistributionDrive


def book_drive(drive: "DistributionDrive", scene: Scene, flow: Flow) -> dict[str, Floats]:
    """All quantities of the ledger from the counts of the drive."""
    days = flow.n_days
    book = {name: cells[:days] for name, cells in flow.cells.items()}
    lots = _lots(drive, flow)
    book["paid_orders"] = book["orders"] - book["unpaid_orders"]
    for number, seller in enumerate(SELLERS):
        book[f"{seller}_orders"] = flow.bound[number][:days] + flow.twice[number][:days]
    book["twice_paid_orders"] = np.asarray(np.sum(flow.twice, axis=0)[:days])
    book["promoters"] = sum_of_kinds(book, "promoters")
    book["promoter_orders"] = sum_of_kinds(book, "orders")
    terms = Settlement(drive.freezing_days, drive.return_days, drive.clawback)
    book |= book_orders(scene, lots, drive.goods(), terms, drive.discount)
    referred = scene.input("repeat_value") * scene.input("referred_value")
    worth = Worth(scene.input("regular_price"), referred, scene.input("unit_cost"))
    book_other_sales(scene, book, book["paid_orders"], worth, drive.repeat_days)
    if drive.self_purchase:
        _replace_own(scene, book, worth)
    kept = book["paid_orders"] + book["self_orders"] - book["returned_orders"]
    book_margin(scene, book, kept, worth)
    _cost(drive, scene, flow, book)
    return book


def sum_of_kinds(book: dict[str, Floats], what: str) -> Floats:
    """Old customers, employees and invited promoters together."""
    return np.asarray(np.sum([book[f"{seller}_{what}"] for seller in SELLERS], axis=0))


def _lots(drive: "DistributionDrive", flow: Flow) -> list[Lot]:
    """Paid orders by who earns how much on them."""
    lots = []
    for number, seller in enumerate(SELLERS):
        invite = int(seller == "invited" and drive.levels > 1)
        if seller == "invited" and not invite:
            continue
        lots.append(Lot(seller, flow.bound[number][: flow.n_days], 1, invite))
        if drive.binding == "override":
            lots.append(Lot(seller, flow.twice[number][: flow.n_days], 2, invite))
    return [*lots, Lot("unbound", flow.cells["unbound_orders"][: flow.n_days], 0, 0)]


def _replace_own(scene: Scene, book: dict[str, Floats], worth: Worth) -> None:
    """What promoters buy through their own links, most would have bought anyway."""
    kept = 1.0 - scene.input("return_rate")
    anyway = binomial(scene.rng("self_anyway"), book["self_orders"], scene.input("self_anyway"))
    book["cannibalised_orders"] = book["cannibalised_orders"] + anyway
    book["cannibalised_sales"] = book["cannibalised_sales"] + anyway * (worth.regular * kept)


def _cost(drive: "DistributionDrive", scene: Scene, flow: Flow, book: dict[str, Floats]) -> None:
    """Commission on what is kept, promoters' material, bonuses for tasks, fixed cost."""
    cost = book["commission"] + book["overpaid_commission"]
    begun = len(book["promoters"])
    cost[:begun] += book["promoters"] * scene.input("promoter_cost")
    if drive.task is not None:
        last = min(scene.stage.n_active, len(cost)) - 1
        cost[last] += _tasks(drive, scene, flow, book)
    cost[0] += scene.input("fixed_cost") * scene.stage.shares
    book["cost"] = cost


def _tasks(drive: "DistributionDrive", scene: Scene, flow: Flow, book: dict[str, Floats]) -> Floats:
    """Book promoters with a task and those who meet it; the bonuses due (n_paths, n_units).

    Each kind's orders are shared out among its own.
    """
    due = np.zeros(scene.shape)
    for what in ("tasks", "tasks_met"):
        for name in (what, *(f"{seller}_{what}" for seller in SELLERS)):
            book[name] = scene.zeros(scene.stage.n_active)
    for number, seller in enumerate(SELLERS):
        asked = quotas(drive.task, seller)
        if not asked:
            continue
        own, count = flow.own[number], flow.promoters[number]
        won = book[f"{seller}_orders"].sum(axis=0) - own
        shape = unequal(scene, book[f"{seller}_promoters"], flow.shape)
        rng, each = scene.rng(f"tasks {seller}"), asked[0][1]
        if asked[0][0] is None:
            given, met = count, meeting(rng, each, won, count, shape, own)
        else:
            shares = scene.stage.shares
            people = np.array(spread_whole(getattr(drive, f"{seller}s"), shares), dtype=float)
            parts = [(np.array(spread_whole(some or 0, shares)), one) for some, one in asked]
            given, met = shared_tasks(rng, parts, people, count, (won, own), shape)
        for what, some in (("tasks", given), ("tasks_met", met)):
            book[f"{seller}_{what}"][-1] = some
            book[what][-1] += some
        due += met * bonus(drive.task_bonus, seller)
    return due
