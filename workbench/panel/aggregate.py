"""Units → groups: the panel of a level above."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.panel.hierarchy import mapped
from workbench.panel.panel import Floats, Panel


def aggregate(panel: Panel, groups: Mapping[str, str]) -> Panel:
    """The panel of groups of units, on the same dates.

    Sales add up; those of a date are unknown only if no unit of the group was observed. ``open``
    and the other known-ahead columns are means, units weighted by their mean sales when open; a
    unit that was not observed (not yet opened, refurbished) counts as closed, since it is missing
    from the sum: half a group's shops give half an open day.

    Args:
        panel: of units.
        groups: unit → group; groups come in the order of their first unit.

    Raises:
        DataError: if a unit belongs to no group.

    >>> from workbench.panel.build import build_panel
    >>> rows = pd.DataFrame({"unit": ["a", "b", "c"], "date": "2026-10-01", "sales": [1.5, 2, 4]})
    >>> aggregate(build_panel(rows, calendar=None), {"a": "x", "b": "y", "c": "x"}).frame()
                  x    y
    2026-10-01  5.5  2.0
    """
    codes, names = pd.factorize(np.array(mapped(panel.units, groups), dtype=object))
    member = np.zeros((len(panel.units), len(names)))
    member[np.arange(len(panel.units)), codes] = 1.0
    observed = panel.observed
    sales = np.where(observed, panel.sales, 0.0) @ member
    sales[observed @ member == 0] = np.nan
    weight = member * _size(panel)[:, None]
    share = weight / weight.sum(axis=0)
    return replace(
        panel,
        units=tuple(map(str, names)),
        sales=sales,
        open=_open(panel, member, share),
        known={name: _mean(values, share) for name, values in panel.known.items()},
        attributes={name: _mean(values, share) for name, values in panel.attributes.items()},
    )


def _size(panel: Panel) -> Floats:
    """Mean sales per unit when open, not below a millionth of the largest, so that all count."""
    open_ = panel.observed & (panel.open[: len(panel.dates)] > 0)
    n_open = np.maximum(open_.sum(axis=0), 1)
    size = np.where(open_, panel.sales, 0.0).sum(axis=0) / n_open
    return np.asarray(np.maximum(size, max(float(size.max()), 1.0) * 1e-6))


def _open(panel: Panel, member: Floats, share: Floats) -> Floats:
    """What was open of each group; where none of it was observed, what its units say."""
    n = len(panel.dates)
    out = _mean(panel.open, share)
    seen = _mean(np.where(panel.observed, panel.open[:n], 0.0), share)
    out[:n] = np.where(panel.observed @ member == 0, out[:n], seen)
    return out


def _mean(values: Floats, share: Floats) -> Floats:
    """Weighted mean; shares that add up to 0.999…9 do not turn an open day into a broken one."""
    return np.asarray(np.round(values @ share, 12))
