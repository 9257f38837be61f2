"""The demo shop in memory: its last quarter tracked, with the orders behind every day."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

import workbench as wb
from workbench.calendar.period import Period
from workbench.data.demo.catalogue import read_shop
from workbench.data.demo.demand import availability, expected_lines
from workbench.data.demo.effects import with_promotions
from workbench.data.demo.lines import baseline_lines
from workbench.data.demo.orders import AWAITING_GROUP, DAY, NONE, make_orders
from workbench.data.demo.promotions import read_promotions
from workbench.data.demo.tables import FLAGS, known_table, traffic_table
from workbench.target.replays import seen_at
from workbench.target.tracking import Tracking, track

ROWS = 91
PATHS = 200


@dataclass(frozen=True, eq=False)
class Quarter:
    """The last quarter of a demo shop.

    Attributes:
        tracking: followed to its end, against the base of the outlook at its start.
        traffic: unit, date, visitors, orders; of all days.
        orders: unit, row of the quarter, sales; one per paid order.
    """

    tracking: Tracking
    traffic: pd.DataFrame
    orders: pd.DataFrame

    @property
    def rows(self) -> int:
        """Days of the quarter."""
        return len(self.tracking.actual)


def last_quarter(seed: int) -> Quarter:
    """Make the shop, as ``wb.write_demo`` and ``wb.load_sales`` would, and forecast its quarter."""
    shop = read_shop()
    promotions, available = read_promotions(seed), availability(shop)
    expected = expected_lines(shop, seed)
    baseline = baseline_lines(shop, expected, available, seed)
    lines = with_promotions(shop, baseline, expected, available, promotions, seed)
    made, _ = make_orders(shop, lines, promotions, seed)
    count, width = shop.last + 1, len(shop.channels)
    paid = (made.paid != NONE) & (made.status != AWAITING_GROUP)
    net = (made.amount - made.refund)[paid] / 100
    day, channel, order = (made.paid // DAY)[paid], made.channel[paid], made.order[paid]
    sales = np.bincount(day * width + channel, weights=net, minlength=count * width)
    known = known_table(shop, available, promotions).rename(columns={"channel": "unit"})
    past = known["date"] <= pd.Timestamp(shop.as_of)
    columns = ["unit", "date", "open", *FLAGS.values()]
    frame = known.loc[past, columns].assign(sales=sales)
    frame.loc[known.loc[past, "stockout"] > 0, "sales"] = np.nan
    panel = wb.build_panel(frame, known=known.loc[~past, columns])
    _, first, code = np.unique(order, return_index=True, return_inverse=True)
    orders = pd.DataFrame(
        {
            "unit": np.array(shop.channel_names)[channel[first]],
            "row": day[first] - (count - ROWS),
            "sales": np.bincount(code, weights=net),
        }
    )
    traffic = traffic_table(shop, made, seed).rename(columns={"channel": "unit"})
    kept = ["unit", "date", "visitors", "orders"]
    return Quarter(_tracked(panel), traffic[kept], orders[orders["row"] >= 0])


def _tracked(panel: wb.Panel) -> Tracking:
    days = panel.dates[-ROWS:]
    period = Period(f"{days[0].date()}/{days[-1].date()}", days[0].date(), days[-1].date())
    start, _ = seen_at(panel, len(panel.dates) - ROWS, period, n_paths=PATHS, seed=0)
    target = start.target_at(0.5)
    return track(panel, target, period=period, n_paths=PATHS, course="none")
