"""Do the probabilities of period totals hold? ``python benchmarks/totals.py [names] [--peers …]``.

Each data set's last periods, without overlap, are forecast from what was known before them, by us
and by the peers, one after the other in this process. JSON on standard output, progress on standard
error. A peer whose library is not installed is skipped with the reason (``make bench-setup``).
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from datasets import DATA, DATASETS, Dataset
from ours import NAME as OURS
from ours import by_date, our_paths, sold
from rivals import PEERS, Drawn, missing, peer_totals
from scoring import scores, window

Totals = Callable[[pd.Timestamp], Drawn]
LOSSES = ("crps_pct_mean", "crps_pct_of_sum")


def main() -> None:
    """Score the data sets and peers asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(DATASETS)}; default all")
    parser.add_argument("--peers", default=",".join(PEERS), help="default: %(default)s")
    parser.add_argument("--without-us", action="store_true", help="the peers alone")
    parser.add_argument("--paths", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    peers = [name for name in chosen.peers.split(",") if name]
    strange = set(chosen.names) - set(DATASETS) | set(peers) - set(PEERS)
    if strange:
        parser.error(f"no such data set or peer: {', '.join(sorted(strange))}")
    report: dict[str, object] = {}
    if not DATA.is_dir():
        report["skipped"] = "the real data sets are not beside this checkout"
    for name in (chosen.names or DATASETS) if DATA.is_dir() else ():
        methods = peers if chosen.without_us else [OURS, *peers]
        report[name] = _report(DATASETS[name](DATA), methods, chosen.paths, chosen.seed)
    if report and not chosen.without_us:
        report = {"summary": _summary(report), **report}
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _report(dataset: Dataset, methods: list[str], n_paths: int, seed: int) -> dict[str, object]:
    wide = by_date(dataset)
    results: dict[str, object] = {}
    for name in methods:
        if reason := _unfit(name, dataset):
            results[name] = {"skipped": reason}
            continue
        ask = _ours if name == OURS else partial(peer_totals, name)
        made = partial(ask, dataset, n_paths=n_paths, seed=seed)
        results[name] = _scored(dataset, wide, name, made)
    return {
        "units": int(wide.shape[1]),
        "dates": int(wide.shape[0]),
        "horizon": dataset.horizon,
        "windows": dataset.windows,
        "methods": results,
    }


def _unfit(name: str, dataset: Dataset) -> str:
    if name == "autoets_4w" and dataset.steps_per_year == 12:
        return "months are not added up to four weeks"
    return missing(name)


def _ours(dataset: Dataset, cutoff: pd.Timestamp, *, n_paths: int, seed: int) -> Drawn:
    return Drawn(our_paths(dataset, cutoff, n_paths=n_paths, seed=seed).totals())


def _scored(dataset: Dataset, wide: pd.DataFrame, method: str, made: Totals) -> dict[str, object]:
    windows, seconds, failed = [], 0.0, 0
    for cutoff in dataset.cutoffs():
        print(f"{dataset.name}: {method}, {cutoff:%Y-%m-%d}", file=sys.stderr, flush=True)
        begun = time.perf_counter()
        drawn = made(cutoff)
        seconds += time.perf_counter() - begun
        failed += len(drawn.failed)
        windows.append(window(drawn.totals, *sold(dataset, wide, cutoff)))
    return {
        "seconds_per_window": round(seconds / len(windows), 2),
        "failed_units": failed,
        **scores(windows),
    }


def _summary(report: dict[str, object]) -> dict[str, object]:
    """Our CRPS over that of each set's best peer, and its means over the sets."""
    out: dict[str, object] = {}
    for loss in LOSSES:
        ratios: dict[str, dict[str, object]] = {}
        for name, part in report.items():
            if not isinstance(part, dict) or "methods" not in part:
                continue
            found = {
                method: result["units"][loss]
                for method, result in part["methods"].items()
                if "units" in result
            }
            ours = found.pop(OURS, None)
            if ours is None or not found:
                continue
            best = min(found, key=lambda method: found[method])
            ratios[name] = {"best_peer": best, "ratio": round(ours / found[best], 3)}
        if ratios:
            each = [float(str(row["ratio"])) for row in ratios.values()]
            out[loss] = {
                "mean_ratio": round(float(np.mean(each)), 3),
                "geometric_mean_ratio": round(float(np.exp(np.mean(np.log(each)))), 3),
                "by_set": ratios,
            }
    return out


if __name__ == "__main__":
    main()
