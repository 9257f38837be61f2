"""A distribution drive day by day: promoters, contacts, people reached, orders; all paths at once.

Arrays that hold the three kinds of promoter (old customers, employees, invited) are
(3, n_paths, n_units).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.binding import Bindings
from workbench.campaign.counts import Floats, binomial, poisson, split
from workbench.campaign.group_buy import spread_whole
from workbench.campaign.promoters import talent_shape, talents
from workbench.campaign.quotas import SELLERS
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.drive import DistributionDrive

USUAL_RATE = 0.1
"""Direct commission at which promoters make as many contacts as ``contacts`` says."""


@dataclass(eq=False)
class Flow:
    """What is booked so far, and what the next day goes on from."""

    drive: "DistributionDrive"
    scene: Scene
    cells: dict[str, Floats]
    bound: list[Floats]
    twice: list[Floats]
    bindings: Bindings
    audience: Floats
    waiting: Floats
    promoters: Floats
    own: Floats
    effort: Floats
    contacts: Floats
    newcomers: Floats
    reached: Floats
    invited: Floats
    deciding: Floats
    shape: Floats
    daily: Floats
    n_days: int = 0


def run_drive(drive: "DistributionDrive", scene: Scene) -> Flow:
    """Everything that is counted in a drive, up to the last day on which there is an order."""
    flow = _set_up(drive, scene)
    touch, before = np.zeros(scene.shape), 0.0
    for day in range(len(scene.stage.dates)):
        active = day < scene.stage.n_active
        is_open = float(scene.stage.open[day]) if active else 1.0
        came = np.zeros_like(flow.effort)
        if active:
            _promote(flow, day, is_open)
            came, touch = _reach(flow, day, is_open)
        elif not flow.deciding.any():
            break
        else:
            touch = np.zeros(scene.shape)
        flow.bindings.next_day(came, touch, is_open, before)
        flow.deciding += came
        _order(flow, day, is_open)
        flow.n_days, before = day + 1, is_open
    return flow


def _set_up(drive: "DistributionDrive", scene: Scene) -> Flow:
    shares, kinds = scene.stage.shares, (3, *scene.shape)
    active, n_days = scene.stage.n_active, len(scene.stage.dates)
    names = [f"{seller}_promoters" for seller in SELLERS]
    cells = {name: scene.zeros(active) for name in (*names, "contacts", "reached", "overlapping")}
    for name in ("orders", "unpaid_orders", "unbound_orders", "self_orders", "reattributed_orders"):
        cells[name] = scene.zeros(n_days)
    people = np.array([spread_whole(n, shares) for n in (drive.customers, drive.employees)], float)
    willing = np.stack([scene.input("customer_activation"), scene.input("employee_activation")])
    daily = 1.0 / (1.0 + scene.input("decision_days"))
    protected = drive.protection_days if drive.binding == "override" else drive.binding_days
    return Flow(
        drive=drive,
        scene=scene,
        cells=cells,
        bound=[scene.zeros(n_days) for _ in SELLERS],
        twice=[scene.zeros(n_days) for _ in SELLERS],
        bindings=Bindings.none(drive.binding_days, protected, daily, kinds),
        audience=np.array(spread_whole(drive.audience, shares), float),
        waiting=binomial(scene.rng("willing"), people[:, None, :] * np.ones(scene.shape), willing),
        promoters=np.zeros(kinds),
        own=np.zeros(kinds),
        effort=np.zeros(kinds),
        contacts=np.zeros(kinds),
        newcomers=np.zeros(scene.shape),
        reached=np.zeros(scene.shape),
        invited=np.zeros(scene.shape),
        deciding=np.zeros(kinds),
        shape=talent_shape(scene.drawn.values["best_fifth"])[:, None],
        daily=daily,
    )


def _promote(flow: Flow, day: int, is_open: float) -> None:
    """Old promoters tire; new ones begin, and those invited yesterday."""
    scene = flow.scene
    flow.effort *= 0.5 ** (1.0 / scene.input("half_life"))
    chance = is_open / (1.0 + scene.input("activation_days"))
    begin = binomial(scene.rng("activation"), flow.waiting, chance)
    flow.waiting -= begin
    fresh = np.stack([*begin, flow.newcomers * is_open])
    flow.newcomers = flow.newcomers * (1.0 - is_open)
    flow.promoters += fresh
    # One stream a day: how many numbers gamma draws take depends on their shapes.
    flow.effort += talents(scene.rng(f"talents {day}"), fresh, flow.shape)
    for seller, some in zip(SELLERS, fresh, strict=True):
        flow.cells[f"{seller}_promoters"][day] = some
    if flow.drive.self_purchase:
        own = poisson(scene.rng("self_orders"), fresh * scene.input("self_orders"))
        flow.cells["self_orders"][day] = own.sum(axis=0)
        flow.own += own
        for booked, some in zip(flow.bound, own, strict=True):
            booked[day] += some


def _reach(flow: Flow, day: int, is_open: float) -> tuple[Floats, Floats]:
    """Contacts fall on anybody in the audience alike; only the first with a person reaches.

    Returns:
        Who was reached and will order (3, n_paths, n_units), and how often each person of the
        audience was contacted by other promoters than the first (n_paths, n_units).
    """
    scene, cells = flow.scene, flow.cells
    response = (flow.drive.mean_rate() / USUAL_RATE) ** scene.input("rate_response")
    strength = np.stack([np.ones_like(response), scene.input("employee_effort"), response**0])
    made = flow.effort * strength * (scene.input("contacts") * response * is_open)
    flow.contacts += made
    whole, people = made.sum(axis=0), np.maximum(flow.audience, 1.0)
    each = whole / people
    fresh = flow.audience - flow.reached
    new = binomial(scene.rng("reached"), fresh, -np.expm1(-each))
    chance = np.maximum(-np.expm1(-each), 1e-300)
    more = np.where(each > 1e-12, each / chance - 1.0, 0.0)
    again = poisson(scene.rng("overlapping"), each * flow.reached + new * more)
    cells["reached"][day], cells["overlapping"][day] = new, again
    cells["contacts"][day] = new + again
    flow.reached += new
    by = np.divide(made, whole, out=np.zeros_like(made), where=whole > 0)
    sellers = np.stack(split(scene.rng("reached by"), new, [by[0], by[1]]))
    _invite(flow, day, is_open)
    n, shape = np.maximum(flow.promoters.sum(axis=0), 1.0), flow.shape
    others = np.clip(1.0 - (shape + 1.0) / (n * shape + 1.0), 0.0, 1.0)
    will = binomial(scene.rng("will_order"), sellers, scene.input("order_rate"))
    return will, each * others


def _invite(flow: Flow, day: int, is_open: float) -> None:
    """Promoters win others as promoters, who begin the next day; nobody becomes one twice."""
    if flow.drive.levels < 2 or day + 1 >= flow.scene.stage.n_active:
        return
    scene = flow.scene
    tiring = 1.0 - 0.5 ** (1.0 / scene.input("half_life"))
    mean = scene.input("recruits") * tiring * flow.effort.sum(axis=0) * is_open
    left = flow.audience - flow.invited
    chance = -np.expm1(-mean / np.maximum(flow.audience, 1.0))
    won = binomial(scene.rng("recruits"), left, chance)
    flow.newcomers += won
    flow.invited += won


def _order(flow: Flow, day: int, is_open: float) -> None:
    """Orders, which of them are paid, and whose they are."""
    scene, cells, drive = flow.scene, flow.cells, flow.drive
    placed = binomial(scene.rng("orders"), flow.deciding, flow.daily * is_open)
    flow.deciding -= placed
    paid = binomial(scene.rng("paid"), placed, scene.input("pay_rate"))
    cells["orders"][day] = placed.sum(axis=0)
    cells["unpaid_orders"][day] = (placed - paid).sum(axis=0)
    expired, taken = flow.bindings.shares()
    lost, moved, kept = split(scene.rng("binding"), paid, [expired, taken])
    cells["unbound_orders"][day] = lost.sum(axis=0)
    if drive.binding == "override":
        kept = kept + _move(flow, day, moved.sum(axis=0))
    for booked, some in zip(flow.bound, kept, strict=True):
        booked[day] += some
    if drive.levels > 1 and day + 1 < scene.stage.n_active:
        won = binomial(scene.rng("buyers"), paid.sum(axis=0), scene.input("buyer_promotes"))
        won = np.minimum(won, flow.audience - flow.invited)
        flow.newcomers += won
        flow.invited += won


def _move(flow: Flow, day: int, moved: Floats) -> Floats:
    """Orders of customers that another promoter took over; those paid once, by seller."""
    scene = flow.scene
    flow.cells["reattributed_orders"][day] = moved
    whole = flow.contacts.sum(axis=0)
    by = np.divide(flow.contacts, whole, out=np.zeros_like(flow.contacts), where=whole > 0)
    sellers = np.stack(split(scene.rng("moved to"), moved, [by[0], by[1]]))
    twice = binomial(scene.rng("twice"), sellers, scene.input("double_paid"))
    for booked, some in zip(flow.twice, twice, strict=True):
        booked[day] += some
    return np.asarray(sellers - twice)
