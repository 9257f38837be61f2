"""How units, dates and amounts are written in a message."""

from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

MOST_SHOWN = 3


def some(items: Iterable[object], *, separator: str = ", ") -> str:
    """The first three, and an ellipsis if there are more.

    >>> some(["mall", "app", "wechat", "kiosk"])
    'mall, app, wechat, …'
    """
    taken = [str(item) for item in islice(items, MOST_SHOWN + 1)]
    return separator.join([*taken[:MOST_SHOWN], *(["…"] if len(taken) > MOST_SHOWN else [])])


def cells(
    units: tuple[str, ...], days: "NDArray[np.datetime64]", where: "NDArray[np.bool_]"
) -> str:
    """The first few True cells of an array (days, units), by unit and date.

    >>> days = np.array(["2026-10-01", "2026-10-02"], dtype="datetime64[D]")
    >>> cells(("mall", "app"), days, np.array([[False, True], [True, False]]))
    'app 2026-10-01; mall 2026-10-02'
    """
    at = np.argwhere(where)[: MOST_SHOWN + 1]
    return some((f"{units[col]} {days[row]}" for row, col in at), separator="; ")


def money(amount: float) -> str:
    """An amount with separators, and as many decimals as it needs.

    >>> money(1234567.5), money(80.0)
    ('1,234,567.50', '80')
    """
    cents = round(float(amount), 2)
    return f"{cents:,.0f}" if cents.is_integer() else f"{cents:,.2f}"
