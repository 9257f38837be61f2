"""Records of the shop's past campaigns: ads and promoters by day, measured effects of discounts.

Headers and words are Chinese, as platforms export them; what they were drawn from is the truth.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from workbench.data.demo.catalogue import Floats, Ints, Shop, generator, read_yaml
from workbench.data.demo.lines import NEW, NONE, Lines
from workbench.data.demo.orders import Orders
from workbench.data.demo.promotions import Promotion, Stage, stages
from workbench.data.demo.tables import member_names

ADS = ("活动名称", "投放日期", "素材名称", "广告消耗", "广告点击数", "新增粉丝", "取关人数",
       "打开链接人数", "首单数", "平均首单天数")  # fmt: skip
PROMOTERS = ("活动名称", "日期", "推广员", "身份", "加入日期", "可参与人数", "佣金比例",
             "推广订单数", "付款订单数")  # fmt: skip
DISCOUNTS = ("活动名称", "结束日期", "优惠力度", "订单增幅", "标准误")


def past_ads(
    shop: Shop, lines: Lines, promotions: tuple[Promotion, ...], seed: int
) -> pd.DataFrame:
    """Follower ads that are over, one row per campaign, day and creative.

    Spend and followers add up to those of the campaign, first orders to its new order lines.
    """
    truth, rng = read_yaml("past.yaml")["ads"], generator(seed, "past ads")
    rows = []
    for one in _done(shop, promotions, "follower_ads"):
        orders = int(((lines.campaign == one.index) & (lines.role == NEW)).sum())
        for day, name, *counts in _ads_days(one, orders, truth, rng):
            rows.append((one.promotion.name, shop.dates[one.first + day], name, *counts))
    return pd.DataFrame(rows, columns=list(ADS))


def past_promoters(
    shop: Shop, orders: Orders, promotions: tuple[Promotion, ...], seed: int
) -> pd.DataFrame:
    """Drives that are over, one row per promoter and day with orders, or one without any.

    Paid orders of a day add up to those of the order list.
    """
    truth, rng = read_yaml("past.yaml")["drives"], generator(seed, "past promoters")
    parts = [
        _drive(shop, one, _paid_orders(orders, one), truth, rng)
        for one in _done(shop, promotions, "distribution")
    ]
    return pd.concat(parts, ignore_index=True)


def past_discounts(
    shop: Shop, lines: Lines, promotions: tuple[Promotion, ...], seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Discounts that are over: their uplift as it was measured, and as it was.

    The uplift is that of order lines of the goods on offer, in the channel and on the days of the
    discount.
    """
    truth, rng = read_yaml("past.yaml")["discounts"], generator(seed, "past discounts")
    seen, real = [], []
    for one in _done(shop, promotions, "discount"):
        usual = _lines_within(one, lines, lines.base_day, lines.base_channel)
        uplift = _lines_within(one, lines, lines.day, lines.channel) / usual - 1.0
        error = truth["error"] + truth["error_small"] / np.sqrt(usual)
        told = (one.promotion.name, one.promotion.end, one.promotion.depth)
        seen.append((*told, round(uplift + error * rng.standard_normal(), 3), round(error, 3)))
        real.append((one.promotion.number, *told[:1], one.promotion.depth, usual, round(uplift, 4)))
    columns = ["campaign_id", "campaign", "depth", "usual_lines", "uplift"]
    return pd.DataFrame(seen, columns=list(DISCOUNTS)), pd.DataFrame(real, columns=columns)


def _done(shop: Shop, promotions: tuple[Promotion, ...], kind: str) -> list[Stage]:
    return [
        one
        for one in stages(shop, promotions)
        if one.promotion.kind == kind and one.promotion.status(shop.as_of) == "done"
    ]


def _ads_days(
    one: Stage, orders: int, truth: Mapping[str, Any], rng: np.random.Generator
) -> list[tuple[Any, ...]]:
    """(day, creative, spend, clicks, followers, unfollowed, link opens, first orders, wait)."""
    n_days, names = one.n_days, list(truth["creatives"])
    relative = np.array([truth["creatives"][name] for name in names])
    spend = _shared_out(one.promotion.cost, np.exp(truth["spend_spread"] * rng.normal(size=n_days)))
    per_day = spend / spend.mean()
    shape = 1.0 / truth["cost_variation"] ** 2
    luck = rng.gamma(shape, 1.0 / shape, (n_days, 1))
    won = spend[:, None] / len(names) / (relative * per_day[:, None] ** truth["cost_rise"]) * luck
    followers = rng.multinomial(one.promotion.followers, (won / won.sum()).ravel())
    clicks = followers + rng.negative_binomial(np.maximum(followers, 1), truth["follow_rate"])
    left = rng.binomial(followers, 1.0 - truth["stay_rate"])
    opened = rng.binomial(followers - left, truth["link_rate"])
    bought = rng.multivariate_hypergeometric(opened, min(orders, int(opened.sum())))
    wait = rng.gamma(np.maximum(bought, 1), truth["decide_days"] / np.maximum(bought, 1))
    halves = np.column_stack([np.floor(spend * 50.0), spend * 100.0 - np.floor(spend * 50.0)])
    return [
        (at // 2, names[at % 2], halves.ravel()[at] / 100.0, clicks[at], followers[at], left[at],
         opened[at], bought[at], round(wait[at], 1) if bought[at] else None)
        for at in range(2 * n_days)
    ]  # fmt: skip


def _shared_out(amount: float, weights: Floats) -> Floats:
    """Whole units of money that add up to the amount."""
    parts = np.floor(amount * weights / weights.sum())
    parts[-1] += amount - parts.sum()
    return np.asarray(parts)


def _paid_orders(orders: Orders, one: Stage) -> Ints:
    """Paid orders of the drive on each of its days."""
    mine = (orders.campaign == one.index) & (orders.paid != NONE)
    _, first = np.unique(orders.order[mine], return_index=True)
    days = orders.day[mine][first] - one.first
    return np.bincount(days, minlength=one.n_days)[: one.n_days]


def _drive(
    shop: Shop, one: Stage, paid: Ints, truth: Mapping[str, Any], rng: np.random.Generator
) -> pd.DataFrame:
    """The promoters of one drive: who begin, tire, and share the day's orders by talent."""
    staff = [p for p in shop.staff if p.joined <= one.promotion.start and _still(p, one)]
    asked = {"老客": int(truth["customers_asked"]), "员工": len(staff)}
    n_old = int(rng.binomial(asked["老客"], truth["customer_activation"]))
    known = rng.choice(asked["老客"], n_old, replace=False)
    keen = rng.random(len(staff)) < truth["employee_activation"]
    sellers = [person.name for person, begins in zip(staff, keen, strict=True) if begins]
    names = [*member_names(asked["老客"])[known], *sellers]
    roles = np.array(["老客"] * n_old + ["员工"] * len(sellers))
    joined, course = _joined(len(names), paid, truth, rng)
    talent = rng.gamma(truth["talent_shape"], size=len(names))
    talent *= np.where(roles == "员工", truth["employee_effort"], 1.0)
    age = np.arange(one.n_days)[:, None] - joined
    weight = np.where(age >= 0, course[np.maximum(age, 0)], 0.0) * talent
    sold = np.array([rng.multinomial(n, w / w.sum()) for n, w in zip(paid, weight, strict=True)])
    placed = sold + rng.negative_binomial(np.maximum(sold, 1), truth["pay_rate"]) * (sold > 0)
    day, who = np.nonzero(sold)
    none = np.flatnonzero(sold.sum(axis=0) == 0)
    day, who = np.r_[day, joined[none]], np.r_[who, none]
    order = np.lexsort((who, day))
    day, who = day[order], who[order]
    dates = shop.dates[one.first : one.last + 1]
    values = (
        one.promotion.name, dates[day], np.array(names)[who], roles[who], dates[joined[who]],
        [asked[role] for role in roles[who]], one.promotion.commission,
        placed[day, who], sold[day, who],
    )  # fmt: skip
    return pd.DataFrame(dict(zip(PROMOTERS, values, strict=True)))


def _still(person: Any, one: Stage) -> bool:
    return not person.left or person.left >= one.promotion.end


def _joined(
    count: int, paid: Ints, truth: Mapping[str, Any], rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """First day of each promoter, and a promoter's orders by age.

    As many begin each day as make up for those who tire, and for what is sold more than the day
    before: what the drive sells on a day is given.
    """
    n_days, keeps = len(paid), 0.5 ** (1.0 / truth["half_life"])
    near = np.exp(-0.5 * ((np.arange(n_days)[:, None] - np.arange(n_days)) / 2.0) ** 2)
    smooth = near @ paid / near.sum(axis=1)
    begin = np.r_[smooth[0], np.maximum(smooth[1:] - keeps * smooth[:-1], 0.0)]
    joined = rng.choice(n_days, count, p=begin / begin.sum())
    joined[0] = 0
    daily = 1.0 / (1.0 + truth["decision_days"])
    wait = daily * (1.0 - daily) ** np.arange(n_days)
    return joined, np.convolve(keeps ** np.arange(n_days), wait)[:n_days]


def _lines_within(one: Stage, lines: Lines, day: Ints, channel: Ints) -> int:
    """Order lines of the goods on offer, in the channel and on the days of the campaign."""
    inside = (day >= one.first) & (day <= one.last) & (channel == one.home)
    return int((inside & one.goods[lines.product]).sum())
