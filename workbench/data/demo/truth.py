"""What the shop cannot see: sales without campaigns, the effect of each, and the time after as-of.

Amounts are net sales as the order list records them at the end of the as-of date: paid less
refunded, on the day of payment, without orders still awaiting their group. Days after it count
every refund.
"""

import numpy as np
import pandas as pd

from workbench.data.demo.catalogue import Flags, Ints, Shop
from workbench.data.demo.lines import (
    AHEAD,
    CONVERTED,
    CROSSED,
    FAILED,
    NEW,
    NONE,
    TRAIL,
    WAITED,
    Lines,
)
from workbench.data.demo.orders import end
from workbench.data.demo.promotions import Promotion

DAY = 24 * 3600


def net(shop: Shop, lines: Lines, world: str) -> Ints:
    """Net sales of each line in cents, in the "real" or the "base" world; zero where absent."""
    day = lines.day if world == "real" else lines.base_day
    refunded = (day > shop.last) | (day + lines.refund_days <= shop.last)
    amount = lines.paid(world) - np.where(refunded, lines.refund(world), 0)
    counts = day != NONE
    if world == "real":
        group_full = lines.day * DAY + lines.second + lines.confirm_after
        waiting = (lines.confirm_after >= 0) & (day <= shop.last) & (group_full >= end(shop))
        counts &= ~waiting & (lines.role != FAILED)
    return np.where(counts, amount, 0)


def by_day(shop: Shop, day: Ints, channel: Ints, cents: Ints) -> Ints:
    """Cents summed by day and channel (n_days, n_channels)."""
    n_channels = len(shop.channels)
    total = np.bincount(
        (day * n_channels + channel)[day != NONE],
        weights=cents[day != NONE],
        minlength=shop.n_days * n_channels,
    )
    return np.rint(total).astype(np.int64).reshape(shop.n_days, n_channels)


def daily_truth(shop: Shop, lines: Lines) -> pd.DataFrame:
    """date, channel, baseline, campaign_effect, sales (CNY): sales = baseline + campaign_effect."""
    base = by_day(shop, lines.base_day, lines.base_channel, net(shop, lines, "base"))
    real = by_day(shop, lines.day, lines.channel, net(shop, lines, "real"))
    return pd.DataFrame(
        {
            "date": np.repeat(shop.dates, len(shop.channels)),
            "channel": np.tile(shop.channel_names, shop.n_days),
            "baseline": base.ravel() / 100,
            "campaign_effect": (real - base).ravel() / 100,
            "sales": real.ravel() / 100,
        }
    )


def campaign_days(shop: Shop, lines: Lines, promotions: tuple[Promotion, ...]) -> pd.DataFrame:
    """campaign_id, campaign, date, channel, effect (CNY), where a campaign changed sales."""
    base, real = net(shop, lines, "base"), net(shop, lines, "real")
    frames = []
    for index, promotion in enumerate(promotions):
        mine = lines.campaign == index
        of = lines.take(mine)
        effect = by_day(shop, of.day, of.channel, real[mine])
        effect = effect - by_day(shop, of.base_day, of.base_channel, base[mine])
        day, channel = np.nonzero(effect)
        frames.append(
            pd.DataFrame(
                {
                    "campaign_id": promotion.number,
                    "campaign": promotion.name,
                    "date": shop.dates[day],
                    "channel": np.array(shop.channel_names)[channel],
                    "effect": effect[day, channel] / 100,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def campaign_truth(shop: Shop, lines: Lines, promotions: tuple[Promotion, ...]) -> pd.DataFrame:
    """One row per campaign: its effect on sales before, during and after, and its parts."""
    base, real = net(shop, lines, "base"), net(shop, lines, "real")
    rows = []
    for index, promotion in enumerate(promotions):
        mine = lines.campaign == index
        of, was, now = lines.take(mine), base[mine], real[mine]
        span = (shop.day(promotion.start), shop.day(promotion.end))
        home = shop.channel(promotion.channel)
        rows.append(
            {
                "campaign_id": promotion.number,
                "campaign": promotion.name,
                "kind": promotion.kind,
                "channel": promotion.channel,
                "start": promotion.start,
                "end": promotion.end,
                "status": promotion.status(shop.as_of),
                "baseline_during": window_baseline(lines, base, span, home),
                **effects(of, was, now, span, home),
                **parts(of, was, now),
                "cost": float(promotion.cost),
                "commission": commission(promotion, of),
                "discount_given": of.discount[of.role != TRAIL].sum() / 100,
            }
        )
    return pd.DataFrame(rows)


def window_baseline(lines: Lines, base: Ints, span: tuple[int, int], home: int) -> float:
    """Baseline sales (CNY) of the campaign's channel on its days."""
    inside = (lines.base_day >= span[0]) & (lines.base_day <= span[1])
    return float(base[inside & (lines.base_channel == home)].sum() / 100)


def effects(of: Lines, was: Ints, now: Ints, span: tuple[int, int], home: int) -> dict[str, float]:
    """Sales with minus without the campaign (CNY), by time and channel, and in total."""

    def difference(real: Flags, base: Flags) -> float:
        return float((now[real].sum() - was[base].sum()) / 100)

    before = (of.day < span[0]) & (of.day != NONE), (of.base_day < span[0]) & (of.base_day != NONE)
    after = of.day > span[1], of.base_day > span[1]
    during = ~before[0] & ~after[0], ~before[1] & ~after[1]
    own = of.channel == home, of.base_channel == home
    return {
        "effect_before": difference(before[0] & own[0], before[1] & own[1]),
        "effect_during": difference(during[0] & own[0], during[1] & own[1]),
        "effect_after": difference(after[0] & own[0], after[1] & own[1]),
        "effect_other_channels": difference(~own[0], ~own[1] & (of.base_day != NONE)),
        "effect_total": float((now.sum() - was.sum()) / 100),
    }


def parts(of: Lines, was: Ints, now: Ints) -> dict[str, float]:
    """What the campaign's sales consist of (CNY)."""

    def total(cents: Ints, *roles: int) -> float:
        return float(cents[np.isin(of.role, roles)].sum() / 100)

    return {
        "campaign_sales": total(now, CONVERTED, CROSSED, AHEAD, WAITED, NEW),
        "new_sales": total(now, NEW),
        "later_sales": total(now, TRAIL),
        "cannibalised": total(was, CONVERTED),
        "pulled_forward": total(was, AHEAD),
        "waited": total(was, WAITED),
        "from_other_channels": total(was, CROSSED),
        "price_given_up": total(was - now, CONVERTED, CROSSED, AHEAD, WAITED),
    }


def commission(promotion: Promotion, of: Lines) -> float:
    """Commission (CNY) on what was paid and kept under the campaign."""
    kept = (of.paid() - of.refund())[of.role != TRAIL].sum()
    return round(float(kept) * promotion.commission) / 100
