"""Groups day by day: visits, openings, joiners, completion, expiry; for all paths at once."""

from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats, binomial, poisson
from workbench.campaign.group_state import Groups, fresh_part, set_up
from workbench.campaign.joining import joiner_chances
from workbench.campaign.scene import Scene

if TYPE_CHECKING:
    from workbench.campaign.group_buy import GroupBuy


def run_groups(buy: "GroupBuy", scene: Scene) -> dict[str, Floats]:
    """Counts and money of the groups: name → (n_days, n_paths, n_units)."""
    run = set_up(buy, scene)
    for day in range(scene.stage.n_active + buy.settling()):
        if day < scene.stage.n_active:
            _grow(run, day, _open(run, day))
        _take_more(run, day)
        _settle_stock(run, day)
    return run.cells


def _open(run: Groups, day: int) -> Floats:
    """Visits, orders to open, and paid openings of a day, within stock and audience."""
    scene, cells, size = run.scene, run.cells, run.terms.size
    fresh = fresh_part(run)
    cells["visits"][day] = _visits(run, day)
    starts = _starts(run, day, fresh)
    if (scene.input("restart") > 0).any() and day > 0:
        members = cells["opens"][day - 1] + cells["joins"][day - 1]
        again = scene.input("restart") * members * fresh * scene.stage.open[day]
        starts = starts + poisson(scene.rng("restarts"), np.asarray(again))
    if run.audience is not None:
        room = np.floor(np.maximum(run.audience - run.buyers, 0.0) / size)
        starts = np.minimum(starts, room)
    cells["starts"][day] = starts
    opens = run.draw("opens", starts, scene.input("pay_rate"))
    if run.stock is not None:
        room = np.floor((run.stock - run.held) / size)
        cells["sold_out"][day] = np.maximum(opens - room, 0.0)
        opens = np.minimum(opens, room)
        cells["reserved"][day] += size * opens
        run.held += size * opens
    cells["opens"][day] = opens
    return opens


def _starts(run: Groups, day: int, fresh: Floats | float) -> Floats:
    """Visitors who start a group: those who take part in the comments do so more often."""
    visits, rate = run.cells["visits"][day], run.scene.input("open_rate")
    if run.talk is None:
        return run.draw("starts", visits, rate * fresh)
    engaged = run.draw("engaged", visits, run.talk.share)
    run.cells["engaged"][day] = engaged
    theirs = run.draw("engaged starts", engaged, run.talk.starts * fresh)
    return theirs + run.draw("starts", visits - engaged, rate * fresh)


def _visits(run: Groups, day: int) -> Floats:
    scene, weights = run.scene, run.buy.rhythm
    weight = float(scene.stage.open[day])
    if weights is not None:
        weight *= weights[day % len(weights)] * len(weights) / sum(weights)
    mean = scene.input("visits") * weight * scene.stage.shares
    variation = scene.input("visit_variation")
    if (variation > 0).any():
        shape = 1.0 / np.maximum(variation, 1e-3) ** 2
        mean = mean * scene.rng("visit_variation").standard_gamma(shape) / shape
    return poisson(scene.rng("visits"), mean)


def _grow(run: Groups, day: int, opens: Floats) -> None:
    """Share the day's groups out by how many join, and book when and how they end."""
    fresh = np.asarray(fresh_part(run) * run.in_time)
    places = run.terms.size - 1
    chances = _chances(run, fresh, places)
    left, chance_left = opens, np.ones_like(chances[0])
    joins = np.zeros_like(opens)
    for gained in range(places):
        chance = np.minimum(chances[gained] / np.maximum(chance_left, 1e-15), 1.0)
        here = run.draw(f"joiners {gained}", left, chance)
        left, chance_left = left - here, chance_left - chances[gained]
        joins += gained * here
        _end(run, day, here, gained + 1, run.expires, f"expired {gained}")
    joins += places * left
    _end(run, day, left, run.terms.size, run.fills, "full")
    cells = run.cells
    cells["joins"][day] = joins
    cells["paid"][day] = opens * run.terms.charged[0] + joins * run.terms.charged[1]
    run.buyers += opens + joins
    _invite(run, day, opens, joins)


def _chances(run: Groups, fresh: Floats, places: int) -> Floats:
    """Chances of 0, 1, … joiners; the same on all days where the audience has no end."""
    if run.same_chances is not None:
        return run.same_chances
    theta, phi = (run.theta + run.listed) * fresh, run.phi * fresh
    variation = run.scene.input("group_variation")
    chances = joiner_chances(theta, phi, np.broadcast_to(variation, theta.shape), places)
    if run.talk is not None:
        more = (run.theta * run.talk.brings + run.listed) * fresh
        theirs = joiner_chances(more, phi, np.broadcast_to(variation, more.shape), places)
        chances = run.talk.mixed(chances, theirs)
    if run.audience is None:
        run.same_chances = chances
    return chances


def _invite(run: Groups, day: int, opens: Floats, joins: Floats) -> None:
    """Invitations: those answered by a joiner, and the others that every member sent."""
    answered = np.maximum(run.scene.input("answer_rate"), 1e-6)
    fresh = np.asarray(fresh_part(run) * run.in_time)
    fit = run.scene.input("invited_new") if run.buy.form == "old_brings_new" else 1.0
    idle = (1.0 / (answered * fit) - fresh) * np.ones_like(opens)
    theta = run.theta if run.talk is None else run.theta * run.talk.more
    mean = (opens * theta + joins * run.phi) * np.maximum(idle, 0.0)
    run.cells["invites"][day] = joins + poisson(run.scene.rng("invites"), mean)


def _end(
    run: Groups,
    day: int,
    groups: Floats,
    people: int,
    shares: list[Floats],
    name: str,
) -> None:
    """Book groups of so many people on the days on which they end, shared out by chance."""
    left, chance_left = groups, np.ones((run.scene.n_paths, 1))
    for late, share in enumerate(shares):
        if late == len(shares) - 1:
            _book(run, day + late, left, people)
            return
        if not share.any():
            continue
        chance = np.clip(share / np.maximum(chance_left, 1e-15), 0.0, 1.0)
        part = run.draw(f"{name} {late}", left, chance)
        _book(run, day + late, part, people)
        left, chance_left = left - part, chance_left - share


def _book(run: Groups, day: int, groups: Floats, people: int) -> None:
    """What becomes of groups of so many people that end on a day."""
    cells, rules = run.cells, run.terms
    simulated = rules.simulated_from <= people < rules.complete_from
    if people >= rules.complete_from or simulated:
        cells["completed_groups"][day] += groups
        cells["completed_orders"][day] += people * groups
        cells["worth"][day] += rules.worth(people) * groups
        cells["refunded_tier"][day] += (rules.paid(people) - rules.worth(people)) * groups
        if simulated:
            cells["simulated_groups"][day] += groups
        spare = rules.size - people
    else:
        cells["failed_groups"][day] += groups
        cells["failed_orders"][day] += people * groups
        cells["refunded_failed"][day] += rules.paid(people) * groups
        spare = rules.size
    if run.stock is not None and spare:
        cells["released"][day] += spare * groups


def _settle_stock(run: Groups, day: int) -> None:
    if run.stock is not None:
        run.held -= run.cells["released"][day]


def _take_more(run: Groups, day: int) -> None:
    """Further pieces for the orders that completed, within the limit per person and the stock."""
    wanted_mean = run.scene.input("extra_pieces")
    limit = run.buy.limit_per_person
    if limit == 1 or not (wanted_mean > 0).any() or run.buy.form == "lottery":
        return
    wanted = _wanted(run, run.cells["completed_orders"][day], wanted_mean, limit)
    if run.stock is not None:
        left = np.maximum(run.stock - run.held, 0.0)
        wanted = np.minimum(wanted, left)
        run.cells["reserved"][day] += wanted
        run.held += wanted
    price = run.terms.joiner[run.terms.size]
    run.cells["extra_pieces"][day] = wanted
    run.cells["worth"][day] += price * wanted
    run.cells["paid"][day] += price * wanted


def _wanted(run: Groups, orders: Floats, mean: Floats, limit: int | None) -> Floats:
    """Poisson further pieces per order, cut at the limit; summed over the orders."""
    from scipy.special import pdtrc

    if limit is None:
        return poisson(run.scene.rng("extra_pieces"), orders * mean)
    total, left, before = np.zeros_like(orders), orders, np.ones_like(mean)
    for piece in range(1, limit):
        at_least = pdtrc(piece - 1, mean)
        chance = at_least / np.maximum(before, 1e-300)
        left = binomial(run.scene.rng(f"extra_pieces {piece}"), left, chance)
        total, before = total + left, at_least
    return total
