"""Closing a gap: the search against every mix there is, what it keeps to, and what is refused."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.campaign import gap_search
from workbench.campaign.options import moved, read_options

DAYS = ("2026-11-02", "2026-11-05", "2026-11-16")


def seen(n_paths=200, mean=5_000.0, as_of="2026-10-31"):
    rng = np.random.default_rng(2)
    totals = pd.DataFrame({u: rng.normal(mean, 150, n_paths) for u in ("online", "store")})
    return wb.Outlook.from_totals(totals, period="2026-11", as_of=as_of)


@pytest.fixture
def options(stall):
    """Three stalls in two sizes on three days; the second sells in the store as well."""

    def make(n=3, starts=DAYS):
        found = []
        for k in range(n):
            visits = (100.0 + 20 * k, 200.0 + 30 * k)
            cost = (60.0 + 25 * k, 130.0 + 31 * k)
            units = {"online": 1, "store": 1} if k == 1 else "online"
            one = stall(name=f"stall {k}", visits=1, units=units, until="2026-11-30")
            sizes = {"visits": visits, "fixed_cost": cost}
            found.append(wb.Option(one, sizes=sizes, starts=starts))
        return found

    return make


def everything(outlook, options, target, exclusive=(), budget=np.inf, planned=()):
    """Every mix, through the public verbs alone: (choices, probability, cost)."""
    ways = [
        [None, *(choice for sized in sizes for choice in sized.choices)]
        for sizes in read_options(options, outlook, ())[0]
    ]
    for picked in product(*ways):
        mix = [one for one in picked if one is not None]
        groups = [{one.option, two.option} for one, two in combinations(mix, 2)]
        if exclusive and any(
            {one.option, two.option} in groups and one.start <= two.end and two.start <= one.end
            for one, two in combinations(mix, 2)
        ):
            continue
        after, cost = outlook, 0.0
        if mix or planned:
            running = [*planned, *(one.campaign for one in mix)]
            result = wb.simulate_schedule(running, outlook=outlook)
            after = wb.with_campaigns(outlook, result.simulations)
            cost = float(sum(one.cost.mean() for one in result.simulations[len(planned) :]))
        if cost <= budget:
            yield mix, after.probability(target), cost


def names(mix):
    return sorted((one.option, one.size, one.start) for one in mix)


@pytest.mark.parametrize("rules", [{}, {"exclusive": True}, {"budget": 200.0}], ids=str)
def test_the_best_mix_is_the_best_of_all(options, rules):
    outlook, target = seen(), 11_100
    asked = options(starts=DAYS[:2])
    plan = wb.close_gap(outlook, target, asked, probability=0.7, **rules)
    mixes = list(everything(outlook, asked, target, **rules))
    assert plan.proven
    enough = [cost for _, probability, cost in mixes if probability >= 0.7]
    if plan.reached:
        assert plan.best.cost == pytest.approx(min(enough))
    else:
        assert not enough
        assert plan.best.probability == pytest.approx(max(one[1] for one in mixes))
    same = [p for mix, p, _ in mixes if names(mix) == names(plan.best.choices)]
    assert same == pytest.approx([plan.best.probability])
    for row in plan.frontier.itertuples():
        most = max(p for _, p, cost in mixes if cost <= row.cost + 1e-6)
        assert row.probability == pytest.approx(most)


@pytest.mark.parametrize("goal", ["cost", "margin", "outlay"])
@pytest.mark.parametrize("rules", [{}, {"exclusive": True}, {"budget": 260.0}], ids=str)
def test_the_staged_search_finds_what_the_full_one_finds(options, monkeypatch, goal, rules):
    asked = (seen(), 11_100, options())
    more = {"probability": 0.6, "goal": goal, **rules}
    full = wb.close_gap(*asked, **more)
    monkeypatch.setattr(gap_search, "IN_FULL", 0)
    staged = wb.close_gap(*asked, **more)
    assert full.proven
    assert full.reached == staged.reached
    if full.reached:
        mine, best = (x.best.margin if goal == "margin" else x.best.cost for x in (staged, full))
        assert mine == pytest.approx(best, rel=0.01) if staged.proven else mine
        assert not (staged.proven and mine > best + 1e-6 and goal == "cost")
    assert staged.best.probability <= full.frontier["probability"].max() + 1e-12


def test_the_bound_is_one(options):
    from workbench.campaign.gap_candidate import prepare
    from workbench.campaign.gap_mix import Ground, as_table, evaluate

    outlook = seen()
    sized, _ = read_options(options(), outlook, ())
    more = {"seed": 0, "limits": (), "overlap": 0.5, "most": 3}
    found = [[prepare(one, outlook, **more) for one in sizes] for sizes in sized]
    ground = Ground(as_table(outlook), None, 11_000.0, 0.5)
    rules = gap_search.Rules((), np.inf, (), "cost", 0.7)
    staged = gap_search._Search(found, ground, rules, outlook.period.days)
    bound = {tuple(sizes): b for sizes, b in zip(staged.sizes, staged.bound, strict=True)}
    for mix in gap_search.in_full(found, rules):
        at = [0, 0, 0]
        for k, sizes in enumerate(found):
            for size, starts in enumerate(sizes):
                at[k] = size + 1 if any(one is c for one in mix for c in starts) else at[k]
        result = evaluate(mix, ground, outlook.period.days)
        assert result.probability <= bound[tuple(at)] + 1e-12


def test_a_moved_campaign_is_the_same_campaign_later():
    buy = wb.GroupBuy(
        name="拼团", start="2026-11-02", end="2026-11-04", price=100, discount=0.2, visits=900
    )
    day = pd.Timestamp("2026-11-02").date()
    later = moved(buy, pd.Timestamp("2026-11-20").date(), day, pd.Timestamp("2026-11-04").date())
    one, two = buy.simulate(n_paths=20), later.simulate(n_paths=20)
    assert str(later.end) == "2026-11-22"
    assert (one.increment == two.increment).all()


def test_the_plan_agrees_with_its_own_schedule(options):
    outlook = seen()
    plan = wb.close_gap(outlook, 11_300, options(starts=DAYS[:2]), probability=0.6)
    assert plan.outlook.probability(11_300) == pytest.approx(plan.best.probability)
    rows = plan.contributions
    assert rows["sales"].sum() == pytest.approx(plan.best.sales)
    assert rows["cost"].sum() == pytest.approx(plan.best.cost)
    assert (plan.frontier["cost"].diff().dropna() > 0).all()
    assert (plan.frontier["probability"].diff().dropna() > 0).all()
    alone = {frozenset(c.option for c in mix.choices) for mix in plan.runners_up}
    assert len(alone) == len(plan.runners_up) > 0
    if len(rows) == 1:
        assert rows["probability_without"].tolist() == [plan.baseline]
    assert plan.table()["mix"][0] == plan.best.text()


def test_people_limit_what_a_mix_can_bring(options):
    outlook = seen()
    able = {"online": float(outlook.totals["online"].max()), "store": 9e9}
    free = wb.close_gap(outlook, 11_300, options(), probability=0.6)
    tight = wb.close_gap(outlook, 11_300, options(), probability=0.6, capacity=able)
    assert tight.best.probability < free.frontier["probability"].max()
    assert tight.outlook.totals["online"].max() <= able["online"] + 1e-6
    assert tight.outlook.probability(11_300) == pytest.approx(tight.best.probability)


def test_a_limit_holds_for_the_whole_mix(options):
    free = wb.close_gap(seen(), 11_100, options(), probability=0.7)
    orders = sum(one.outcome("orders").mean() for one in free.schedule.simulations)
    capped = wb.close_gap(
        seen(), 11_100, options(), probability=0.7, limits={"orders": orders * 0.9}
    )
    assert capped.best.probability < free.frontier["probability"].max()
    assert sum(o.outcome("orders").mean() for o in capped.schedule.simulations) <= orders * 0.9


def test_no_campaign_where_none_is_needed(options):
    plan = wb.close_gap(seen(), 9_000, options())
    assert (plan.needed, plan.reached, plan.best.choices, plan.best.cost) == (False, True, (), 0)
    assert "No campaign is needed" in str(plan.notices[0])
    assert "无需开展活动" in plan.notices[0].text("zh")


def test_a_target_out_of_reach_says_how_near_it_gets(options):
    plan = wb.close_gap(seen(), 20_000, options())
    assert not plan.reached
    told = plan.notices[0]
    assert told.code == "gap.out_of_reach"
    assert f"at most {plan.best.probability:.1%}" in str(told)
    assert plan.best.probability >= plan.baseline


def test_what_is_not_proven_and_what_is_a_loss_is_said(stall, options, monkeypatch):
    dear = [wb.Option(stall(name="dear", visits=2000, fixed_cost=9_999))]
    plan = wb.close_gap(seen(), 11_100, dear, probability=0.6)
    assert plan.reached
    assert "reaches the target at a loss" in str(plan.notices[0])
    monkeypatch.setattr(gap_search, "IN_FULL", 0)
    monkeypatch.setattr(gap_search, "MOST_COMBINATIONS", 5)
    many = wb.close_gap(seen(), 11_000, options())
    assert not many.proven
    assert any("too many mixes" in str(one) for one in many.notices)


def test_weekly_starts_lie_after_what_is_known_and_within_the_period(stall):
    option = wb.Option(stall(visits=9), starts="weekly")
    sized, _ = read_options([option], seen(as_of="2026-11-03"), ["2026-11-04", "2026-11-12"])
    found = sized[0][0]
    assert [str(one.start)[5:] for one in found.choices] == ["11-04", "11-11", "11-18", "11-25"]
    assert found.alike == (0, 1, 2, 2)
    assert found.choices[0].campaign.simulate(n_paths=5).outcome("visits").max() > 0


def option(stall, sizes=(), starts=(), **changes):
    return wb.Option(stall(**{"visits": 50, "fixed_cost": 10, **changes}), sizes, starts)


@pytest.mark.parametrize(
    ("changes", "options", "words", "code"),
    [
        (
            {"sizes": {"visits": (1, 2), "fixed_cost": (1,)}},
            {},
            "sizes of an option cannot be",
            "gap.sizes",
        ),
        ({"sizes": "large"}, {}, "sizes = 'large'", "gap.sizes"),
        (
            {"sizes": {"visitors": (1, 2)}},
            {},
            "does not have, or that may not differ",
            "gap.size_field",
        ),
        ({"starts": "monthly"}, {}, "start days of an option cannot be read", "gap.starts"),
        ({"starts": ["soon"]}, {}, "starts = \\['soon'\\]", "gap.starts"),
        (
            {"starts": "weekly", "end": "2027-01-31"},
            {},
            "too long for the days that are left",
            "gap.no_start",
        ),
        ({"starts": ["2026-10-01"]}, {}, "sales are known already", "campaign.in_the_past"),
        ({"starts": ["2027-10-01"]}, {}, "outside the period", "campaign.outside_period"),
        (
            {"sizes": {"pay_rate": (7.0, 0.1)}},
            {},
            "outside what is possible",
            "campaign.out_of_range",
        ),
        ({"units": "shop"}, {}, "units that the outlook does not have", "campaign.unknown_unit"),
        ({}, {"probability": 80}, "probability wanted is not between 0 and 1", "gap.probability"),
        ({}, {"goal": "fame"}, "goal is not known", "gap.goal"),
        ({}, {"budget": -1}, "budget cannot be used", "gap.budget_amount"),
        ({}, {"budget": 9.0}, "budget allows no campaign at all", "gap.budget"),
        ({}, {"limits": {"apples": 3}}, "do not book", "gap.limit_name"),
        ({}, {"limits": {"orders": -3}}, "A limit cannot be used", "gap.limit_amount"),
        ({}, {"seed": -1}, "seed = -1", "campaign.seed"),
        ({}, {"overlap": 2}, "overlap = 2", "schedule.overlap_share"),
    ],
)
def test_questions_that_cannot_be_answered(stall, changes, options, words, code):
    with pytest.raises(wb.CampaignError, match=words) as failed:
        wb.close_gap(seen(), 11_100, [option(stall, **changes)], **options)
    assert code in {problem.code for problem in failed.value.problems}


def test_options_that_are_none(stall):
    with pytest.raises(wb.CampaignError, match="nothing to choose from"):
        wb.close_gap(seen(), 11_100, [])
    with pytest.raises(wb.CampaignError, match="One of the options is not an option"):
        wb.close_gap(seen(), 11_100, [stall()])
    two = [option(stall), option(stall, currency="USD")]
    with pytest.raises(wb.CampaignError, match="added twice") as failed:
        wb.close_gap(seen(), 11_100, two)
    codes = {problem.code for problem in failed.value.problems}
    assert codes == {"campaign.same_campaign", "campaign.currencies"}
    with pytest.raises(wb.CampaignError, match="period is over"):
        wb.close_gap(seen(as_of="2026-11-30"), 11_100, [option(stall)])
    with pytest.raises(wb.TargetError):
        wb.close_gap(seen(), "much", [option(stall)])


@pytest.mark.parametrize("in_full", [gap_search.IN_FULL, 0])
def test_what_is_planned_runs_anyway_and_nothing_counts_twice(options, stall, monkeypatch, in_full):
    monkeypatch.setattr(gap_search, "IN_FULL", in_full)
    outlook, target = seen(), 11_200
    planned = (
        stall(name="planned", visits=150.0, units="online", fixed_cost=90.0, until="2026-11-30"),
    )
    asked = options(n=2, starts=DAYS[:2])
    plan = wb.close_gap(outlook, target, asked, probability=0.7, planned=planned)
    mixes = list(everything(outlook, asked, target, planned=planned))
    (nothing,) = [p for mix, p, _ in mixes if not mix]
    assert plan.baseline == pytest.approx(nothing)
    assert plan.baseline > wb.close_gap(outlook, target, asked, probability=0.7).baseline
    enough = [cost for _, probability, cost in mixes if probability >= 0.7]
    assert plan.reached
    if plan.proven:
        assert plan.best.cost == pytest.approx(min(enough))
    (same,) = [p for mix, p, _ in mixes if names(mix) == names(plan.best.choices)]
    assert plan.best.probability == pytest.approx(same)
    assert plan.outlook.probability(target) == pytest.approx(same)
    assert plan.schedule.simulations[0].campaign == "planned"
    assert list(plan.contributions["campaign"]) == [one.option for one in plan.best.choices]
    alone = wb.simulate_schedule(planned, outlook=outlook).totals().to_numpy().sum(axis=1).mean()
    both = plan.schedule.totals().to_numpy().sum(axis=1).mean()
    assert plan.best.sales == pytest.approx(both - alone)


def test_an_option_on_the_planned_days_only_adds_what_they_leave(stall):
    outlook = seen()
    one = stall(name="planned", visits=300.0, units="online", until="2026-11-30")
    two = stall(name="again", visits=100.0, units="online", until="2026-11-30")
    more = {"probability": 0.999, "planned": [one]}
    shared = [
        wb.close_gap(outlook, 12_000, [wb.Option(two)], overlap=overlap, **more)
        for overlap in (0.0, 0.5, 1.0)
    ]
    brought = [plan.frontier["sales"].iloc[-1] for plan in shared]
    own = wb.simulate_schedule([two], outlook=outlook).totals().to_numpy().sum(axis=1).mean()
    assert brought[0] == pytest.approx(own)
    assert brought[0] > brought[1] > brought[2]
    assert brought[2] < 0.35 * own
    assert shared[0].best.cost == pytest.approx(shared[1].best.cost)


def test_a_limit_is_shared_with_what_is_planned(stall):
    outlook = seen()
    one = stall(name="planned", visits=300.0, units="online", until="2026-11-30")
    two = stall(name="again", visits=100.0, units="online", until="2026-11-30")
    used = one.simulate(n_paths=200).outcome("visits").mean()
    more = {"planned": [one], "probability": 0.999}
    tight = wb.close_gap(outlook, 12_000, [wb.Option(two)], limits={"visits": used + 1}, **more)
    assert not tight.best.choices
    wide = wb.close_gap(outlook, 12_000, [wb.Option(two)], limits={"visits": 10 * used}, **more)
    assert len(wide.best.choices) == 1


def test_an_option_may_not_have_the_name_of_a_planned_campaign(stall):
    one = stall(name="stall", visits=1)
    with pytest.raises(wb.CampaignError, match="planned already") as caught:
        wb.close_gap(seen(), 11_000, [wb.Option(one)], planned=[one])
    assert "与已计划的活动同名" in caught.value.text("zh")


def test_no_more_may_be_needed_than_what_is_planned(stall):
    one = stall(name="planned", visits=300.0, units="online", until="2026-11-30")
    two = stall(name="again", visits=100.0, units="online", until="2026-11-30")
    plan = wb.close_gap(seen(), 9_500, [wb.Option(two)], probability=0.6, planned=[one])
    assert plan.notices[0].code == "gap.no_more_needed"
    assert "beside those planned" in str(plan.notices[0])
    assert "除已计划的活动外" in plan.notices[0].text("zh")


def test_no_campaign_keeps_less_than_one_among_equals():
    from workbench.campaign.overlap import least_kept, saturated

    rng = np.random.default_rng(7)
    for n, overlap in product((1, 2, 5), (0.0, 0.3, 1.0)):
        sales = rng.gamma(0.3, 1.0, size=(n, 500))
        kept = saturated(sales, overlap) / sales.sum(axis=0)
        assert kept.min() >= least_kept(n, overlap) - 1e-12
        same = saturated(np.ones((n, 1)), overlap) / n
        assert same[0] == pytest.approx(least_kept(n, overlap))
