"""The measured figures as tables: ``python benchmarks/report.py benchmarks/out [--short]``.

Reads the JSON files that ``make bench`` leaves and prints Markdown; ``--into FILE`` puts it between
the two marks in a file instead. What was not measured, or skipped, is said.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
Report = Mapping[str, Any]
NAMES = {
    "workbench": "**workbench**",
    "year_rule": "last year × growth",
    "prophet": "Prophet, paths summed",
    "autoets": "AutoETS, paths summed",
    "autoets_4w": "AutoETS on 4-week totals",
    "flair": "FLAIR, paths summed",
    "original_rest": "actual + first forecast of the rest",
    "run_rate": "run-rate",
    "last_year_share": "last year's share by then",
}


def main() -> None:
    """Print the tables, or put them into a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("benchmarks/out"))
    parser.add_argument("--short", action="store_true", help="the headline table alone")
    parser.add_argument("--into", type=Path, help="a file with the marks")
    chosen = parser.parse_args()
    found = read(chosen.folder)
    text = "\n".join(headline(found) if chosen.short else whole(found))
    if chosen.into is None:
        sys.stdout.write(text + "\n")
        return
    page = chosen.into.read_text("utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        parser.error(f"{chosen.into} has no {BEGIN} … {END}")
    chosen.into.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def read(folder: Path) -> dict[str, Report]:
    """What was measured, by the name of its command."""
    return {file.stem: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}


def whole(found: Mapping[str, Report]) -> list[str]:
    """Every table, under the command that measured it."""
    lines: list[str] = []
    for name, tabled in TABLES.items():
        lines += [f"### `benchmarks/{name}.py`", ""]
        report = found.get(name)
        if report is None:
            lines += ["Not measured.", ""]
        elif "skipped" in report:
            lines += [f"Skipped: {report['skipped']}.", ""]
        else:
            lines += [*tabled(report), ""]
    for name in sorted(found.keys() - TABLES.keys()):
        lines += [f"### `benchmarks/{name}.py`", "", *_leaves(found[name]), ""]
    return lines[:-1]


def headline(found: Mapping[str, Report]) -> list[str]:
    """Per data set: our error of the total, our 80 % band, and the best peer's."""
    rows = []
    for name, part in found.get("totals", {}).items():
        if not isinstance(part, dict) or "methods" not in part:
            continue
        scored = {m: r["units"] for m, r in part["methods"].items() if "units" in r}
        ours = scored.pop("workbench", None)
        if ours is None or not scored:
            continue
        best = min(scored, key=lambda m: scored[m]["crps_pct_mean"])
        theirs = scored[best]
        rows.append(
            [
                name,
                f"{ours['cases']:,}",
                _number(ours["crps_pct_mean"]),
                f"{_number(theirs['crps_pct_mean'])} ({NAMES[best]})",
                _share(ours["coverage_80"]),
                _share(theirs["coverage_80"]),
            ]
        )
    head = ["data", "totals", "CRPS, % of actual", "best peer", "in our 80 % band", "in the peer's"]
    return _table(head, rows)


def _totals(report: Report) -> list[str]:
    lines = []
    summary = report.get("summary", {}).get("crps_pct_mean")
    if summary:
        lines += [
            f"Our CRPS over the best peer's: mean {summary['mean_ratio']} "
            f"(geometric {summary['geometric_mean_ratio']}) over {len(summary['by_set'])} sets.",
            "",
        ]
    rows = []
    for name, part in report.items():
        for method, result in part.get("methods", {}).items():
            label = [f"{name}, {part['horizon']} ahead × {part['windows']}", NAMES[method]]
            if "skipped" in result:
                rows.append([*label, *["–"] * 11])
                continue
            units, together = result["units"], result["sum_of_units"]
            rows.append(
                [
                    *label,
                    *(_number(units[key]) for key in ("crps_pct_mean", "crps_pct_of_sum")),
                    *(_number(units.get(key), 3) for key in ("brier", "ece", "ece_by_chance")),
                    *(_share(units[f"coverage_{level}"]) for level in (50, 80, 95)),
                    _number(together["crps_pct_mean"]),
                    _share(together["coverage_80"]),
                    _number(result["seconds_per_window"]),
                ]
            )
    head = ["data", "method", "CRPS %", "CRPS % of sum", "Brier", "ECE", "by chance"]
    head += ["50", "80", "95"]
    return [*lines, *_table([*head, "all units: CRPS %", "80", "s per window"], rows)]


def _rossmann_1w(report: Report) -> list[str]:
    rows = [
        ["workbench", _number(report["wql"], 4), _number(report["ratio_to_naive"], 3)],
        ["naive, same windows", _number(report["naive_wql"], 4), "1"],
    ]
    naive = report["published_on_later_data"]["naive"]
    rows += [
        [f"{name}, published on later data", _number(wql, 4), _number(wql / naive, 3)]
        for name, wql in report["published_on_later_data"].items()
    ]
    return _table(["method", "WQL", "÷ naive"], rows)


def _rollup(report: Report) -> list[str]:
    rows = [
        [
            name,
            level,
            str(ways["joint"]["cases"]),
            *(_share(ways["joint"][f"coverage_{band}"]) for band in (50, 80, 95)),
            _share(ways["independent"]["coverage_80"]),
        ]
        for name, part in report.items()
        for level, ways in part["levels"].items()
    ]
    return _table(["data", "level", "totals", "50", "80", "95", "80, units apart"], rows)


def _pacing(report: Report) -> list[str]:
    rows = []
    for name, part in report.items():
        for days, methods in part["after_days"].items():
            for method, result in methods.items():
                units, together = result["units"], result["sum_of_units"]
                bands = [_share(units.get(f"coverage_{level}")) for level in (50, 80, 95)]
                mapes = [_number(units["mape_pct"]), _number(together["mape_pct"])]
                rows.append([name, days, NAMES[method], mapes[0], *bands, mapes[1]])
    head = ["data", "after days", "method", "MAPE %", "50", "80", "95", "all units: MAPE %"]
    return _table(head, rows)


def _speed(report: Report) -> list[str]:
    rows = []
    for n, size in report["units"].items():
        if "failed" in size:
            rows.append([f"{int(n):,}", size["failed"], *["–"] * 4])
            continue
        against = [size["peers"][peer].get("ours_over_it") for peer in ("prophet", "autoets")]
        growth = report["growth"].get(n)
        rows.append(
            [
                f"{int(n):,}",
                _number(size["seconds"], 1),
                f"{size['peak_mb']:,.0f}",
                *(_number(ratio, 3) for ratio in against),
                _number(growth),
            ]
        )
    head = ["units", "seconds", "peak MB", "÷ plain Prophet", "÷ AutoETS", "s per unit ÷ at 100"]
    machine = ", ".join(f"{name} {what}" for name, what in report["machine"].items())
    return [*_table(head, rows), "", f"Measured with {machine}."]


def _main_job(report: Report) -> list[str]:
    rows = [
        [name, f"{part['units']:,}", stage, _number(taken["seconds"]), f"{taken['peak_mb']:,.0f}"]
        for name, part in report.items()
        if "stages" in part
        for stage, taken in part["stages"].items()
    ]
    return _table(["shop", "units", "stage", "seconds", "peak MB"], rows)


def _leaves(report: Report) -> list[str]:
    """Any other report: its single figures, by the path that leads to them; lists are left out."""

    def walk(part: object, path: tuple[str, ...]) -> Iterable[list[str]]:
        if isinstance(part, Mapping):
            for name, inner in part.items():
                yield from walk(inner, (*path, str(name)))
        elif not isinstance(part, list):
            yield [", ".join(path).replace("_", " "), "–" if part is None else f"{part}"]

    return _table(["figure", "measured"], walk(report, ()))


def _table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    aligned = ["---"] * len(head)
    return ["| " + " | ".join(cells) + " |" for cells in (head, aligned, *rows)]


def _number(value: float | None, digits: int = 2) -> str:
    """Plain digits; – where there is none; beyond a million only that."""
    if value is None:
        return "–"
    return "> 10⁶" if abs(value) > 1e6 else f"{value:,.{digits}f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


TABLES: Mapping[str, Callable[[Report], list[str]]] = {
    "totals": _totals,
    "rossmann_1w": _rossmann_1w,
    "rollup": _rollup,
    "pacing": _pacing,
    "speed": _speed,
    "main_job": _main_job,
}

if __name__ == "__main__":
    main()
