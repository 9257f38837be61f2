"""Members' repurchase on the published sample of CDNOW (Fader, Hardie & Lee 2005).

    python benchmarks/members.py

Prints JSON: the parameters found beside those published, and what weeks 40 to 78 bring beside what
was forecast for them at the end of week 39, in all, by how often members had bought, and for the
member that the paper works out. The data lie in ``shared/data`` beside the checkout and are no part
of the project.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.member.buying import Buying, expected_orders, fit_buying
from workbench.member.purchases import Purchases, summarise_purchases
from workbench.member.spending import fit_spending

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PUBLISHED = {
    "bg_nbd": {"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258, "log_likelihood": -9582.4},
    "gamma_gamma": {"p": 6.25, "q": 3.74, "v": 15.44},
}
EXAMPLE = {"repeats": 2, "recency": 30.43, "age": 38.86, "published": 1.226}
"""The member of the paper: expected repeat purchases of weeks 40 to 78."""
EVE, WEEKS, MOST = "1997-09-30", 39, 7


def measure(folder: Path = DATA / "cdnow") -> dict[str, Any]:
    """All that is measured; or why nothing is."""
    file = folder / "transactions.parquet"
    if not file.exists():
        return {"skipped": "the CDNOW sample is not in shared/data beside this checkout"}
    table = pd.read_parquet(file)
    rows = table[table["in_standard_sample"] == 1].rename(columns={"dollars": "amount"})
    known = summarise_purchases(rows, as_of=EVE)
    before = time.perf_counter()
    buying = fit_buying(known)
    seconds = time.perf_counter() - before
    return {
        "members": len(known),
        "seconds_to_fit": round(seconds, 3),
        **parameters(known, buying),
        "weeks_40_to_78": ahead(rows, known, buying),
    }


def parameters(known: Purchases, buying: Buying) -> dict[str, Any]:
    """Each parameter as found, as published, and how far apart they are."""
    models = {"bg_nbd": buying, "gamma_gamma": fit_spending(known)}
    return {
        model: {
            name: {"found": round(float(getattr(found, name)), 4), "published": value}
            for name, value in PUBLISHED[model].items()
        }
        for model, found in models.items()
    }


def ahead(rows: pd.DataFrame, known: Purchases, buying: Buying) -> dict[str, Any]:
    """Orders of the 39 weeks after the eve: forecast, actual, and as many as in the 39 before."""
    expected = expected_orders(buying, known, WEEKS)
    later = rows[rows["date"] > EVE].drop_duplicates(["customer_id", "date"])
    bought = later.groupby(later["customer_id"].astype(str)).size()
    actual = bought.reindex([str(one) for one in known.members]).fillna(0).to_numpy(dtype=float)
    group = np.minimum(known.repeats, MOST).astype(int)
    by_repeats = [
        {
            "repeats": f"{count}+" if count == MOST else str(count),
            "members": int((group == count).sum()),
            "expected": round(float(expected[group == count].mean()), 3),
            "actual": round(float(actual[group == count].mean()), 3),
        }
        for count in range(MOST + 1)
    ]
    before, said, came = (float(one.sum()) for one in (known.repeats, expected, actual))
    return {
        "expected": round(said),
        "actual": round(came),
        "as_many_as_before": round(before),
        "cumulated_error": round((before + said) / (before + came) - 1.0, 4),
        "by_repeats": by_repeats,
        "example": {**EXAMPLE, "found": round(_example(known, expected), 3)},
    }


def _example(known: Purchases, expected: "np.ndarray[Any, np.dtype[np.float64]]") -> float:
    same = (known.repeats == EXAMPLE["repeats"]) & np.isclose(known.age, EXAMPLE["age"], atol=0.01)
    at = np.flatnonzero(same & np.isclose(known.recency, EXAMPLE["recency"], atol=0.01))
    return float(expected[at[0]]) if len(at) else float("nan")


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, ensure_ascii=False, indent=2)
    print()
