"""What there is to run, and what has been run."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import Language
from workbench.params.models import MODELS
from workbench.params.places import project_root
from workbench.run.check import find_notebook

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ("report", "as_of", "period", "finished_at", "notices")
HEADS: Mapping[Language, Mapping[str, str]] = {
    "en": {"none": "No finished run yet."},
    "zh": {
        "report": "报告",
        "as_of": "截至日",
        "period": "周期",
        "finished_at": "完成时间",
        "notices": "提示",
        "folder": "文件夹",
        "none": "还没有完成的运行。",
    },
}
LAST: Mapping[Language, tuple[str, str]] = {
    "en": ("last run: ", "not run yet"),
    "zh": ("最近一次运行：", "尚未运行"),
}


def listing(language: Language, *, out: str = "runs") -> Iterator[str]:
    """One paragraph per notebook: name and reader, what it answers, the report of the last run."""
    before, never = LAST[language]
    for name in MODELS:
        about = _about(find_notebook(name).path)
        done = finished(out, name)
        last = before + str(done[-1].parent / "report.html") if done else never
        reader = about["reader"][language]
        title = f"{name}（{reader}）" if language == "zh" else f"{name}  ({reader})"
        yield "\n  ".join([title, about["answers"][language], last])


def finished(out: str, name: str) -> list[Path]:
    """The ``results.json`` of every finished run of a notebook, oldest first."""
    found = (project_root() / out / name).glob("*/results.json")
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path))


def past_runs(language: Language, *, out: str, report: str = "", as_json: bool = False) -> str:
    """The finished runs, oldest first: a text table, or JSON with the numbers of each."""
    from workbench.report.history import list_runs, read_history

    found = read_history(project_root() / out)
    found = found[found["report"] == find_notebook(report).name] if report else found
    runs = list_runs(found)[[*SHOWN, "folder"]].fillna("")
    if as_json:
        records = [_with_metrics(run, found) for run in runs.to_dict("records")]
        return json.dumps(records, ensure_ascii=False, indent=1)
    heads = HEADS[language]
    return runs.rename(columns=heads).to_string(index=False) if len(runs) else heads["none"]


def _with_metrics(run: dict[Any, Any], found: "pd.DataFrame") -> dict[str, Any]:
    """A run and its numbers; None where there is no number."""
    rows = found.loc[found["folder"] == run["folder"], ["node", "metric", "value", "unit"]]
    rows = rows[rows["metric"].notna()].astype({"value": object})
    return {**run, "metrics": rows.where(rows.notna(), None).to_dict("records")}


def _about(path: Path) -> dict[str, dict[str, str]]:
    """What a notebook's own metadata says of its reader and the question it answers."""
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    about: dict[str, dict[str, str]] = notebook["metadata"]["workbench"]
    return about
