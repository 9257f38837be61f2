"""A small shop, written where the notebooks of the project can be run on it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = "2025-01-01", "2026-09-30"
SCRIPT = '<script>alert("🍜")</script>'


@dataclass(frozen=True)
class Shop:
    """A project root of its own: the real notebooks, the small shop's files, its own runs."""

    root: Path

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a module of this interpreter in the shop's root."""
        return self._call("-m", *words)

    def python(self, code: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a line of Python there."""
        return self._call("-c", code, *words)

    def _call(self, *words: str) -> subprocess.CompletedProcess[str]:
        given = {name: value for name, value in os.environ.items() if name != "WORKBENCH_RUN_DIR"}
        environment = given | {"WORKBENCH_ROOT": str(self.root), "PYTHONIOENCODING": "utf-8"}

        def once() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, *words],
                capture_output=True,
                text=True,
                encoding="utf-8",
                cwd=self.root,
                env=environment,
                check=False,
            )

        done = once()
        # Many kernels start side by side here, and two may be given one port: nothing has run then.
        return once() if "before replying to kernel_info" in done.stderr else done

    def papermill(self, name: str, **changes: Any) -> subprocess.CompletedProcess[str]:
        """Plain papermill with the shop's parameter file and ``changes``; None takes one out."""
        file = self.root / "p.yaml"
        given = {n: value for n, value in (self.values() | changes).items() if value is not None}
        file.write_text(yaml.safe_dump(given, allow_unicode=True), "utf-8")
        out = str(self.root / f"{name}.out.ipynb")
        words = ["papermill", f"notebooks/{name}.ipynb", out, "-f", str(file)]
        return self.command(*words, "--no-progress-bar", "--log-level", "ERROR")

    def run(self, name: str, **changes: Any) -> subprocess.CompletedProcess[str]:
        """``workbench run`` with the same."""
        file = self.root / "p.yaml"
        file.write_text(yaml.safe_dump(self.values() | changes, allow_unicode=True), "utf-8")
        return self.command("workbench.cli", "run", name, "-f", str(file))

    def values(self) -> dict[str, Any]:
        """Parameters that every notebook takes; quick."""
        return {"source": "orders.csv", "period": "2026Q4", "by": ["channel"]}

    def results(self, name: str) -> list[dict[str, Any]]:
        """What the finished runs of a notebook published, oldest first."""
        files = sorted((self.root / "runs" / name).glob("*/results.json"), key=os.path.getmtime)
        return [json.loads(file.read_text("utf-8")) for file in files]

    def outputs(self, name: str) -> str:
        """All that papermill's output notebook shows, as text."""
        book = json.loads((self.root / f"{name}.out.ipynb").read_text("utf-8"))
        return json.dumps([cell.get("outputs") for cell in book["cells"]], ensure_ascii=False)


def by_name(record: dict[str, Any]) -> dict[tuple[str, str], float]:
    """(node, metric) → value of a published record."""
    return {(m["node"], m["metric"]): m["value"] for m in record["metrics"]}


def orders(last: str = LAST) -> pd.DataFrame:
    """One order per day and channel, with a weekly pattern and growth."""
    days = pd.date_range(FIRST, last)
    rng = np.random.default_rng(5)
    parts = []
    for channel, level in (("线上商城", 900.0), (SCRIPT, 400.0)):
        weekly = 1 + 0.3 * (days.day_of_week >= 5)
        amount = level * weekly * np.linspace(1, 1.3, len(days)) * rng.gamma(60, 1 / 60, len(days))
        part = pd.DataFrame({"pay_time": days, "channel": channel, "paid_amount": amount.round(2)})
        parts.append(part.assign(order_id=[f"{channel[:2]}{at:06d}" for at in range(len(days))]))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    for folder in ("notebooks", "params"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    orders().to_csv(tmp_path / "orders.csv", index=False)
    return Shop(tmp_path)


@pytest.fixture
def small(shop: Shop) -> Shop:
    """Enough for a forecast, and quick: a year and a half would cost minutes."""
    recent = orders()
    recent[recent["pay_time"] >= "2026-04-20"].to_csv(shop.root / "orders.csv", index=False)
    return shop
