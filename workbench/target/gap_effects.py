"""The gap as effects: what all have in common, what is special to a channel, a product, a person.

In each cell the logarithm of sales ÷ due is a common part, a part of each dimension's level, and a
rest of its own, found by medians (Tukey 1977, *Exploratory Data Analysis*, median polish), so that
one channel's bad month is that channel's and not a little of everyone's. Amounts are these parts
times the logarithmic mean of sales and due (Ang 2004), which makes them add up exactly.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.target.curve import Floats
from workbench.target.gap_parts import log_mean

MARKET, CELL, OTHER = "market", "cell", "other"
ROUNDS = 30
NOTHING = 1e-9
SETTLED = 1e-10
PAIR = 2


def effects(actual: Floats, due: Floats, keys: pd.DataFrame) -> pd.DataFrame:
    """Σ actual − Σ due as cause, unit, amount.

    ``market`` is common to all; then one cause per column of ``keys``, its levels as units;
    ``cell`` what is special to one combination; ``other`` the cells without sales or without
    anything due, which have no ratio.

    Args:
        actual: sales per cell.
        due: what was due per cell.
        keys: one row per cell (its name as index), one column per dimension.

    >>> keys = pd.DataFrame({"channel": ["a", "a", "b", "b", "c", "c"], "line": list("xyxyxy")})
    >>> actual = np.array([50.0, 25, 100, 50, 100, 50])
    >>> effects(actual, np.array([100.0, 50, 100, 50, 100, 50]), keys).query("abs(amount) > 1e-9")
         cause unit  amount
    1  channel    a   -75.0
    """
    # Amounts that are nothing beside the others have no ratio worth a median.
    least = NOTHING * max(float(np.abs(actual).max(initial=0.0)), float(due.max(initial=0.0)))
    rated = (actual > least) & (due > least)
    weight = np.zeros(len(actual))
    weight[rated] = log_mean(actual[rated], due[rated])
    logs = np.zeros(len(actual))
    logs[rated] = np.log(actual[rated] / due[rated])
    levels = {str(name): pd.factorize(keys[name].astype(str)) for name in keys.columns}
    codes = {name: code[rated] for name, (code, _) in levels.items()}
    common, parts, rest = polish(logs[rated], np.sqrt(weight[rated]), codes)
    heavy = weight[rated]
    rows = [(MARKET, "", float(common * heavy.sum()))]
    for name, (_, found) in levels.items():
        sums = np.bincount(codes[name], weights=heavy, minlength=len(found))
        amounts = sums[: len(parts[name])] * parts[name]
        rows += [(name, str(level), float(a)) for level, a in zip(found, amounts, strict=False)]
    cells = [str(cell) for cell in keys.index[rated]]
    rows += [(CELL, cell, float(a)) for cell, a in zip(cells, heavy * rest, strict=True)]
    odd = ~rated & (actual != due)
    left = zip(keys.index[odd], actual[odd] - due[odd], strict=True)
    rows += [(OTHER, str(cell), float(amount)) for cell, amount in left]
    return pd.DataFrame(rows, columns=["cause", "unit", "amount"])


def polish(
    values: Floats, weights: Floats, codes: dict[str, NDArray[np.intp]]
) -> tuple[float, dict[str, Floats], Floats]:
    """``values`` as a common part, one part per level of each dimension, and a rest.

    Args:
        values: one per cell.
        weights: how much a cell counts in medians.
        codes: by dimension the level of each cell.
    """
    common, rest = 0.0, values.copy()
    parts = {name: np.zeros(int(code.max(initial=-1)) + 1) for name, code in codes.items()}
    told = {name: code for name, code in codes.items() if len(np.unique(code)) > 1}
    for _ in range(ROUNDS):
        moved = 0.0
        for name, code in told.items():
            change = np.array(
                [in_common(rest[code == at], weights[code == at]) for at in range(len(parts[name]))]
            )
            parts[name] += change
            rest = rest - change[code]
            sums = np.bincount(code, weights=weights, minlength=len(change)).astype(float)
            shared = in_common(parts[name][sums > 0], sums[sums > 0])
            parts[name] -= shared
            common += shared
            moved = max(moved, float(np.abs(change).max(initial=0.0)))
        if moved < SETTLED:
            break
    if not told:
        common = in_common(values, weights)
        rest = values - common
    return common, parts, rest


def in_common(values: Floats, weights: Floats) -> float:
    """What values have in common: their weighted median.

    Of two values there is no majority: it is the one nearer to zero, or zero if their signs differ.

    >>> one, three = np.array([-0.2, -0.05]), np.array([-3.0, 0, 1])
    >>> in_common(one, np.ones(2)), in_common(three, np.ones(3))
    (-0.05, 0.0)
    """
    if len(values) == 0:
        return 0.0
    if len(values) == PAIR:
        same = values[0] * values[1] > 0
        return float(values[np.abs(values).argmin()]) if same else 0.0
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[order]) - weights[order] / 2
    half = float(weights.sum()) / 2
    at = int(np.abs(running - half).argmin()) if half > 0 else len(values) // 2
    return float(values[order[at]])
