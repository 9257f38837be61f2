"""Campaigns in reports: tables, figures and sentences, whatever their kind."""

import matplotlib as mpl
import numpy as np
import pytest

import workbench as wb
from workbench.campaign.effect import with_campaigns
from workbench.campaign.overview import TOGETHER, daily_course, outlook_steps, overview
from workbench.report.campaign_prose import plan_answer
from workbench.report.campaigns_shown import (
    bridge_tables,
    campaigns_or_note,
    costs_or_nothing,
    course_charts,
    funnel_charts,
    sources_or_nothing,
    tornado_charts,
)
from workbench.report.figures.campaign_effect import effect_chart
from workbench.report.tables.campaign import effect_table
from workbench.report.words import Words

SCRIPT = "<script>alert('$x$')</script>"


@pytest.fixture(scope="module")
def simulations():
    given = {"price": 100, "discount": 0.2, "visits": (800, 1000, 1200), "units": "线上商城"}
    pairs = (("双11拼团", "2026-11-01", "2026-11-05"), (SCRIPT, "2026-12-20", "2026-12-30"))
    campaigns = [wb.GroupBuy(name=n, start=s, end=e, **given) for n, s, e in pairs]
    return tuple(one.simulate(n_paths=400) for one in campaigns)


@pytest.fixture(scope="module")
def outlook(shop):
    return shop.outlook


def test_the_overview_adds_up_path_by_path(simulations, outlook):
    table = overview(simulations, outlook).set_index("campaign")
    assert list(table.index) == ["双11拼团", SCRIPT, TOGETHER]
    inside = [one.totals("2026-10-01", "2026-12-31").sum(axis=1) for one in simulations]
    assert table.loc[TOGETHER, "p50"] == pytest.approx(np.median(sum(inside)))
    assert table.loc[TOGETHER, "mean"] == pytest.approx(table["mean"][:2].sum())
    late = simulations[1]
    after = late.outcome("incremental_sales") - inside[1]
    assert table.loc[SCRIPT, "after"] == pytest.approx(np.median(after))
    assert table.loc[SCRIPT, "after"] < 0  # what it brought forward is missing next year
    sold, taken = (late.outcome(n).mean() for n in ("sales", "cannibalised_sales"))
    assert table.loc[SCRIPT, "cannibalised"] == pytest.approx(taken / sold)
    assert table.loc["双11拼团", "loss"] == (simulations[0].margin < 0).mean()
    assert overview([]).empty


def test_steps_say_what_each_campaign_does_to_the_target(simulations, outlook):
    target = outlook.target_at(0.5)
    steps = outlook_steps(outlook, simulations, target)
    assert [len(names) for names in steps["campaigns"]] == [0, 1, 1, 2]
    both = with_campaigns(outlook, simulations)
    assert steps["probability"].iloc[-1] == both.probability(target)
    assert steps["gain"].iloc[-1] == pytest.approx(both.probability(target) - 0.5, abs=0.01)
    assert outlook_steps(outlook, ())["probability"].isna().all()


def test_days_add_up_to_the_increment(simulations):
    one = simulations[0]
    days = daily_course(one)
    parts = ["sales", "repeat_sales", "cannibalised_sales", "repaid_sales"]
    assert np.allclose(days[parts].sum(axis=1), days["increment"])
    assert days["increment"].sum() == pytest.approx(one.outcome("incremental_sales").mean())


def test_tables_hold_the_numbers_and_no_code(simulations, outlook, words):
    table = overview(simulations, outlook)
    when = outlook.period
    pages = [
        campaigns_or_note(table, words, period=when).as_raw_html(),
        costs_or_nothing(table, words).as_raw_html(),
        effect_table(outlook_steps(outlook, simulations, 9e6), words, period=when).as_raw_html(),
        sources_or_nothing(simulations, words).as_raw_html(),
        str(bridge_tables(simulations, words)),
    ]
    assert not any(SCRIPT in page for page in pages)
    assert words("campaigns.together") in pages[0]
    assert words.amount(table["p50"].iloc[0]) in pages[0]
    assert words.amount(table["margin"].iloc[-1]) in pages[1]
    assert words("effect.without") in pages[2]
    assert words("sources.assumption") in pages[3]
    assert "van Heerde" in pages[3]
    count = words.count(np.median(simulations[0].outcome("new_customers")))
    assert count in pages[4]


def test_figures_are_drawn_for_each_campaign(simulations, outlook, words):
    charts = [
        *funnel_charts(simulations, words),
        *course_charts(simulations, words, period=outlook.period),
        *tornado_charts(simulations, words),
        effect_chart(outlook, with_campaigns(outlook, simulations), words, target=9e6),
    ]
    assert len(charts) == 7
    for ax in charts:
        ax.get_figure().canvas.draw()
        assert ax.get_title(loc="left")
        mpl.pyplot.close(ax.get_figure())
    funnel = charts[0]
    named = [label.get_text() for label in funnel.get_yticklabels()]
    assert len(named) == len(simulations[0].funnel())
    assert words("course.period_end") in {text.get_text() for text in charts[3].texts}


def test_the_answer_names_gain_cost_and_what_to_doubt(simulations, outlook):
    target = outlook.target_at(0.5)
    table, steps = overview(simulations, outlook), outlook_steps(outlook, simulations, target)
    more = {"period": outlook.period, "target": target, "campaigns": simulations}
    for language, said in (
        ("en", "2 campaigns bring"),
        ("zh", "2 个活动预计为2026年四季度带来增量"),
    ):
        text = str(plan_answer(table, steps, Words(language), **more))
        assert said in text
        assert SCRIPT not in text
        likely = Words(language).probability(steps["probability"].iloc[-1])
        assert likely.replace("\xa0", " ") in text
    alone = simulations[:1]
    table, steps = overview(alone, outlook), outlook_steps(outlook, alone)
    text = str(plan_answer(table, steps, Words("zh"), period=outlook.period))
    assert "“双11拼团”预计为" in text
    assert "保底目标（80%）由" in text


def test_no_campaigns_is_said(outlook, words):
    steps = outlook_steps(outlook, ())
    assert words("campaigns.none") in str(
        plan_answer(overview([]), steps, words, period=outlook.period)
    )
    assert words("campaigns.none") in str(campaigns_or_note(overview([]), words, period=None))
    assert str(costs_or_nothing(overview([]), words)) == ""
    assert str(sources_or_nothing((), words)) == ""


def test_what_does_not_matter_is_not_said_to_matter_most(outlook):
    """Only an input without effect is uncertain: what differs is chance alone."""
    sure = {"stay_rate": 0.6, "link_rate": 0.3, "order_rate": 0.16, "decide_days": 6,
            "repeat_rate": 0.2, "repeat_more": 0.0, "cost_per_follower": 4.5, "delivery": 1.0,
            "cannibalised": 0.0, "return_rate": 0.0, "partial_rate": 0.0, "follow_rate": 0.2,
            "leave_days": (2, 5, 10), "goods_share": 0.5, "partial_share": 0.3}  # fmt: skip
    ads = wb.FollowerAds(name="增粉", start="2026-11-01", end="2026-11-10", units="线上商城",
                         daily_budget=2000, order_value=100, **sure)  # fmt: skip
    one = ads.simulate(n_paths=2000)
    assert one.inputs.uncertain == ("leave_days",)
    words = Words("zh", "CNY")
    table, steps = overview([one]), outlook_steps(outlook, [])
    said = plan_answer(table, steps, words, period=outlook.period, campaigns=[one])
    assert "取关" not in str(said)
    (ax,) = tornado_charts([one], words)
    assert not ax.get_yticklabels()
