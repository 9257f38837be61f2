"""Seconds and memory of the main job, stage by stage: ``python benchmarks/main_job.py``.

JSON on standard output, progress on standard error. Every shop is measured in a process of its own,
so that importing counts. Beside the forecast stands what plain Prophet takes, one fit per unit.
"""

import argparse
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from memory import highest, stage

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
SAMPLE = 30
"""Most units on which plain Prophet is timed."""
DAYS = 91
TARGET_GROWTH = 1.06
Stages = dict[str, dict[str, float | None]]


def main() -> None:
    """Measure every shop, or one of them inside its own process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[*SHOPS, "demo_run"], help="one of them")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        result = SHOPS[chosen.only]()
    else:
        names = [chosen.only] if chosen.only else [*SHOPS, "demo_run"]
        parts = {name: demo_run() if name == "demo_run" else _apart(name) for name in names}
        result = {"machine": _machine(), **parts}
    json.dump(result, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def demo() -> dict[str, Any]:
    """The demo shop by channel: order lines, plans, 2026Q4."""
    stages: Stages = {}
    wb = _imported(stages)
    with tempfile.TemporaryDirectory() as folder:
        with stage("write demo shop", stages):
            wb.write_demo(Path(folder, "demo"))
        shop = Path(folder, "demo")
        options = {"mapping": shop / "mapping.yaml", "known": shop / "known.csv"}
        return _job(stages, shop / "orders.csv", options, ("channel",), "CN", "2026Q4", folder)


def rossmann() -> dict[str, Any]:
    """1,115 German stores by day, promotions and opening known ahead, the next quarter."""
    source = DATA / "rossmann" / "store_daily.parquet"
    if not source.is_file():
        return {"skipped": "the Rossmann data is not in shared/data beside this checkout"}
    stages: Stages = {}
    _imported(stages)
    with tempfile.TemporaryDirectory() as folder:
        mapping = Path(folder, "mapping.yaml")
        mapping.write_text(
            "table: daily\ncolumns: {date: date, store: store, sales: sales}\n"
            "known_ahead: [open, promo, school_holiday]\n",
            encoding="utf-8",
        )
        options = {"mapping": mapping, "as_of": "2014-12-31"}
        return _job(stages, source, options, ("store",), "DE", "2015Q1", folder)


def _imported(stages: Stages) -> Any:
    """The package with the verbs of the job; names resolve when first used."""
    with stage("import", stages):
        import workbench as wb

        verbs = ("load_sales", "build_panel", "forecast", "outlook", "allocate", "anchors")
        for verb in verbs:
            getattr(wb, verb)
    return wb


def _job(
    stages: Stages,
    source: Path,
    options: dict[str, Any],
    by: tuple[str, ...],
    country: str,
    period: str,
    folder: str,
) -> dict[str, Any]:
    import workbench as wb

    with stage("load", stages):
        sales = wb.load_sales(source, by=by, **options)
    with stage("panel", stages):
        panel = wb.build_panel(sales.frame, sales.known, country)
    from workbench.run.choose import horizon_to

    when = wb.parse_period(period)
    horizon = horizon_to(panel, when)
    with stage("forecast", stages):
        paths = wb.forecast(panel, horizon=horizon)
    if len(panel.units) <= SAMPLE:
        # The first forecast of a process also imports Prophet, which a second one does not.
        with stage("forecast, again", stages):
            paths = wb.forecast(panel, horizon=horizon)
    with stage("targets", stages):
        outlook = wb.outlook(panel, paths, period=when)
        goal = round(TARGET_GROWTH * float(outlook.last_year.sum()), -3)
        levels = wb.proposal(outlook)
        usual = wb.anchors(panel, outlook)
        plan = wb.allocate(goal, outlook)
    with stage("report", stages):
        reported = _report(panel, paths, outlook, levels, usual, plan, Path(folder))
    with stage("plain Prophet, sample", stages):
        prophet = _plain_prophet(panel)
    measured = stages.get("forecast, again", stages["forecast"])
    forecast_seconds = float(measured["seconds"] or 0.0)
    return {
        "units": len(panel.units),
        "dates": len(panel.dates),
        "horizon": horizon,
        "n_paths": paths.n_paths,
        "past_origins": paths.n_origins,
        "stages": stages,
        "report": reported,
        "highest_mb": highest()["own_mb"],
        "plain_prophet": prophet,
        "forecast_over_plain_prophet": round(forecast_seconds / prophet["seconds_all_units"], 3),
        "targets_sum_exactly": bool(plan.targets.sum() == goal),
    }


def _report(
    panel: Any, paths: Any, outlook: Any, levels: Any, usual: Any, plan: Any, folder: Path
) -> str:
    """The figures and tables of 20_target_setting; the notebook and its page are in demo_run."""
    import matplotlib as mpl

    mpl.use("Agg")
    from workbench.report.figures.curve import attainment_chart
    from workbench.report.figures.fan import fan_chart
    from workbench.report.figures.total import total_chart
    from workbench.report.tables.targets import allocation_table, anchors_table, proposal_table
    from workbench.report.words import Words

    words = Words("en", "CNY")
    figures = [
        fan_chart(panel, paths, words),
        attainment_chart(outlook, words, anchors=usual),
        total_chart(outlook, words),
    ]
    for at, axes in enumerate(figures):
        axes.figure.savefig(folder / f"{at}.svg")
    tables = [
        proposal_table(levels, words, period=outlook.period),
        anchors_table(usual, words),
        allocation_table(plan, words, period=outlook.period),
    ]
    for table in tables:
        table.as_raw_html()
    return f"{len(figures)} figures, {len(tables)} tables"


def _plain_prophet(panel: Any) -> dict[str, Any]:
    """Default Prophet per unit, one fit and one prediction, on at most ``SAMPLE`` units."""
    import numpy as np
    import pandas as pd
    from prophet import Prophet

    for name in ("prophet", "cmdstanpy"):
        logging.getLogger(name).disabled = True
    n_units = len(panel.units)
    sample = np.unique(np.linspace(0, n_units - 1, min(SAMPLE, n_units)).round().astype(int))
    seconds = []
    for at in sample:
        table = pd.DataFrame({"ds": panel.dates, "y": panel.sales[:, at]})
        begun = time.perf_counter()
        model = Prophet().fit(table)
        model.predict(model.make_future_dataframe(DAYS, include_history=False))
        seconds.append(time.perf_counter() - begun)
    each = float(np.mean(seconds[1:] if len(seconds) > 3 else seconds))
    return {
        "what": f"Prophet() with its defaults: fit and predict({DAYS} days), after the forecast",
        "units_timed": len(sample),
        "extrapolated": len(sample) < n_units,
        "seconds_per_unit": round(each, 4),
        "seconds_all_units": round(each * n_units, 2),
    }


def demo_run() -> dict[str, Any]:
    """``workbench run 20_target_setting`` on the demo shop, twice: a fresh and a warm start."""
    command = Path(sys.executable).with_name("workbench")
    notebook = ROOT / "notebooks" / "20_target_setting.ipynb"
    if not command.exists() or not notebook.exists():
        return {"skipped": "the command workbench or the notebook is not installed here"}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        given: list[str] = []
        for name, file in [
            ("source", "orders.csv"),
            ("mapping", "mapping.yaml"),
            ("known", "known.csv"),
            ("targets", "targets.csv"),
        ]:
            given += ["-p", f"{name}={folder}/demo/{file}"]
        run = [str(command), "run", "20_target_setting", *given]
        run += ["-p", "period=2026Q4", "-p", f"out={folder}/runs"]
        steps: list[tuple[str, list[str]]] = [
            ("demo_data", [str(command), "demo-data", f"{folder}/demo"]),
            ("first_run", run),
            ("second_run", run),
        ]
        seconds: dict[str, Any] = {}
        for name, step in steps:
            print(f"  {name} …", file=sys.stderr, flush=True)
            begun = time.perf_counter()
            done = subprocess.run(
                step, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            seconds[name] = round(time.perf_counter() - begun, 2)
            if done.returncode:
                said = (done.stderr or done.stdout).strip().splitlines()[-12:]
                return {"seconds": seconds, "failed": name, "exit": done.returncode, "said": said}
        return {"seconds": seconds, "largest_process_mb": highest()["largest_child_mb"]}


def _apart(name: str) -> dict[str, Any]:
    """One shop in a process of its own."""
    print(f"{name}:", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, __file__, "--only", name, "--inside"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"failed": f"exit {done.returncode}; see standard error"}
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _machine() -> dict[str, Any]:
    packages = ("numpy", "pandas", "prophet", "scikit-learn")
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


SHOPS: dict[str, Callable[[], dict[str, Any]]] = {"demo": demo, "rossmann": rossmann}

if __name__ == "__main__":
    main()
