"""The arithmetic behind the shop, on small or hand-made input."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.data.demo.catalogue import Shop, generator, read_shop
from workbench.data.demo.demand import (
    availability,
    expected_lines,
    ordinary_lines,
    slow_noise,
    store_weights,
    weekly,
)
from workbench.data.demo.files import digits_of_time
from workbench.data.demo.groups import form_groups
from workbench.data.demo.lines import FAILED, NEW, Lines, dress, pick, product_share, unit_price
from workbench.data.demo.members import repeat_purchases
from workbench.data.demo.targets import recent_level


@pytest.fixture(scope="module")
def shop() -> Shop:
    return read_shop()


def some_lines(shop: Shop, n: int, product: int = 20) -> Lines:
    rng = np.random.default_rng(5)
    day = np.repeat(np.arange(400, 400 + (n + 4) // 5), 5)[:n]
    lines = dress(shop, rng, day, np.full(n, 1), np.full(n, product))
    return replace(lines, campaign=np.zeros(n, dtype=np.int64), role=np.full(n, NEW))


def test_streams_of_one_seed_differ_and_repeat() -> None:
    one, same, other = (generator(4, name).random(3) for name in ("a", "a", "b"))
    assert (one == same).all()
    assert (one != other).all()


def test_shocks_have_the_stated_spread_and_memory() -> None:
    noise = slow_noise(np.random.default_rng(1), [{"half_life": 5.0, "sd": 0.3}], 4000, 3)
    assert noise.std() == pytest.approx(0.3, rel=0.1)
    lagged = np.corrcoef(noise[5:, 0], noise[:-5, 0])[0, 1]
    assert lagged == pytest.approx(0.5, abs=0.08)


def test_a_quarter_a_year_ahead_is_uncertain_by_five_to_ten_percent(shop: Shop) -> None:
    usual = ordinary_lines(shop)[1188:1280].sum()
    drawn = [expected_lines(shop, seed)[1188:1280].sum() / usual for seed in range(40)]
    year_before = [
        expected_lines(shop, seed)[823:915].sum() / ordinary_lines(shop)[823:915].sum()
        for seed in range(40)
    ]
    assert 0.05 < np.std(np.log(np.array(drawn) / np.array(year_before))) < 0.10


def test_make_up_days_are_working_days_and_holidays_are_not(shop: Shop) -> None:
    week = weekly(shop)
    sunday_at_work = shop.day(shop.seasons["makeup"][-2])  # 2026-09-20
    monday = sunday_at_work + 1
    assert (week[sunday_at_work] == week[monday]).all()
    national_day = shop.day(shop.seasons["festivals"]["国庆"]["days"][-1])  # a Thursday
    assert (week[national_day] == [c["weekly"][6] for c in shop.channels.values()]).all()


def test_closing_empties_the_channel_and_a_stockout_one_category(shop: Shop) -> None:
    available = availability(shop)
    assert not available[shop.day(shop.events[1].start), 2].any()
    assert available[shop.day(shop.events[1].start), :2].all()
    short = available[shop.day(shop.events[6].start)]
    assert (~short).sum() == 1


def test_a_store_sells_nothing_before_it_opens(shop: Shop) -> None:
    weights = store_weights(shop)
    opened = shop.day(shop.stores["运河店"]["opened"])
    assert (weights[:opened, 1] == 0).all()
    assert weights[opened, 1] == pytest.approx(0.42 * 0.35)
    assert weights[-1, 1] == pytest.approx(0.42)


def test_products_share_their_category_and_seasonal_ones_wait_for_their_season(shop: Shop) -> None:
    share, category = product_share(shop), shop.category_of()
    for number in range(len(shop.categories)):
        assert share[:, category == number].sum(axis=1) == pytest.approx(1.0)
    mooncakes = [p.name for p in shop.products].index("流心月饼四枚装")
    festival = shop.day(shop.seasons["festivals"]["中秋"]["days"][1])
    assert share[festival - 5, mooncakes] > 0.3
    assert share[festival + 3, mooncakes] == 0
    assert share[festival - 60, mooncakes] == 0


def test_pick_never_takes_a_column_of_weight_zero() -> None:
    weights = np.array([[0.0, 2.0, 0.0, 6.0], [0.0, 0.0, 5.0, 0.0]])
    drawn = pick(np.random.default_rng(0), weights, np.repeat([0, 1], 4000))
    assert set(drawn[:4000]) == {1, 3}
    assert set(drawn[4000:]) == {2}
    assert (drawn[:4000] == 3).mean() == pytest.approx(0.75, abs=0.03)


def test_prices_rise_once_in_whole_yuan(shop: Shop) -> None:
    rise = shop.day(shop.price_rise["date"])
    longjing = np.zeros(2, dtype=np.int64)
    assert unit_price(shop, np.array([rise - 1, rise]), longjing).tolist() == [16800, 17500]


@pytest.mark.parametrize(("size", "count"), [(2, 11), (3, 7), (5, 1)])
def test_every_line_gets_into_a_full_group(shop: Shop, size: int, count: int) -> None:
    existing, new = some_lines(shop, 4), some_lines(shop, count)
    joined, made = form_groups(shop, existing, new, size, 0.0, np.random.default_rng(2))
    assert len(joined) == 4
    everyone = np.r_[joined.day, made.day]
    assert (np.unique(everyone, return_counts=True)[1] % size == 0).all()
    full = np.r_[joined.second + joined.confirm_after, made.second + made.confirm_after]
    clock = np.unique(np.column_stack([everyone, full]), axis=0, return_counts=True)[1]
    assert (clock % size == 0).all()
    assert (full < 24 * 3600).all()
    assert min(joined.confirm_after.min(), made.confirm_after.min()) >= 0


def test_failed_groups_are_too_small_and_refunded(shop: Shop) -> None:
    lines = some_lines(shop, 300)
    none = lines.take(np.arange(0))
    _, made = form_groups(shop, none, lines, 3, 0.5, np.random.default_rng(2))
    failed = made.take(made.role == FAILED)
    assert 20 < len(failed) < 150
    assert (failed.refund() == failed.paid()).all()
    assert (failed.confirm_after == -1).all()


def test_orders_go_to_living_members_in_proportion_to_their_rates() -> None:
    n = 4000
    day, channel = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    members = 5200
    rate, dropout = np.zeros(members), np.zeros(members)
    rate[[3, 8]] = 1.0, 3.0
    everyone, nobody = np.ones(n, dtype=bool), np.full(n, -1)
    owner, alive = repeat_purchases(
        np.random.default_rng(0), day, channel, nobody, everyone, ~everyone,
        np.zeros(members, dtype=np.int64), rate, dropout,
    )  # fmt: skip
    assert set(owner) == {3, 8}
    assert (owner == 8).mean() == pytest.approx(0.75, abs=0.03)
    assert alive.all()


def test_who_has_dropped_out_buys_no_more() -> None:
    n, members = 50, 5200
    day = np.arange(n)
    rate, dropout = np.ones(members), np.ones(members)
    everyone, nobody = np.ones(n, dtype=bool), np.full(n, -1)
    owner, alive = repeat_purchases(
        np.random.default_rng(0), day, np.zeros(n, dtype=np.int64), nobody, everyone, ~everyone,
        np.zeros(members, dtype=np.int64), rate, dropout,
    )  # fmt: skip
    assert len(set(owner)) == n
    assert (~alive).sum() == n


def test_times_read_as_digits(shop: Shop) -> None:
    seconds = np.array([0, 86400 * 184 + 9 * 3600 + 5 * 60 + 7])
    assert digits_of_time(shop, seconds).tolist() == [20230701000000, 20240101090507]


def test_targets_go_by_the_past_alone() -> None:
    rng = np.random.default_rng(3)
    sales, usual = rng.uniform(1, 9, (500, 3)), rng.uniform(1, 9, (500, 3))
    later = sales.copy()
    later[300:] *= 7.3
    assert (recent_level(sales, usual, 300) == recent_level(later, usual, 300)).all()
    assert (recent_level(sales, usual, 301) != recent_level(later, usual, 301)).all()
