"""The campaign plan and its explorer run from orders to results, each in a kernel of its own."""

import nbformat
import pandas as pd
import yaml
from nbclient import NotebookClient

from .conftest import ROOT, Shop

BUY = {
    "kind": "group_buy",
    "name": "双11拼团",
    "start": "2026-11-01",
    "end": "2026-11-11",
    "units": ["线上商城"],
    "price": 100,
    "discount": 0.2,
    "visits": [400, 500, 600],
}
MOVE = """\
explorer.controls.form.numbers["discount"].value = 0.3
explorer.controls.save.click()
print(explorer.controls.saved.value)
"""


def test_a_plan_goes_from_orders_to_results(shop: Shop):
    asked = {"campaigns": [BUY], "target": 140_000, "n_paths": 200, "language": "zh"}
    done = shop.run("40", **asked)
    assert done.returncode == 0, done.stderr
    (record,) = shop.results("40_campaign_plan")
    numbers = {(m["node"], m["metric"]): m["value"] for m in record["metrics"]}
    assert numbers["双11拼团", "campaign.increment"] > 0
    assert numbers["", "probability"] >= numbers["", "probability_before"]
    assert "达成概率" in done.stdout
    (folder,) = (shop.root / "runs" / "40_campaign_plan").iterdir()
    page = (folder / "report.html").read_text("utf-8")
    assert "双11拼团" in page
    assert "Campaign plan" not in page
    assert "Traceback" not in page
    assert page.count("<svg") + page.count("<img") >= 4
    sources = pd.read_parquet(folder / "tables" / "sources.parquet").set_index("input")["source"]
    assert sources["visits"] == "given"
    assert "BeiBei" in sources["joiners"]


def test_the_explorer_saves_what_the_plan_runs(shop: Shop, monkeypatch):
    monkeypatch.setenv("WORKBENCH_ROOT", str(shop.root))
    values = {**shop.values(), "n_paths": 100, "campaigns": [BUY]}
    (shop.root / "e.yaml").write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    book = nbformat.read(ROOT / "notebooks" / "explore" / "campaigns.ipynb", 4)
    cell = next(cell for cell in book.cells if cell.id == "parameters")
    cell.source += "\nparameters = 'e.yaml'"
    book.cells.append(nbformat.v4.new_code_cell(MOVE))
    where = {"metadata": {"path": str(shop.root)}}
    done = NotebookClient(book, kernel_name="python3", resources=where).execute()
    *_, explorer, moved = done.cells
    assert "application/vnd.jupyter.widget-view+json" in explorer.outputs[0].data
    assert "Saved: " in moved.outputs[0].text
    (file,) = (shop.root / "runs" / "explore_campaigns").iterdir()
    saved = yaml.safe_load(file.read_text("utf-8"))
    assert saved["campaigns"] == [{**BUY, "discount": 0.3}]


def test_the_explorer_is_kept_without_outputs_and_in_both_languages():
    book = nbformat.read(ROOT / "notebooks" / "explore" / "campaigns.ipynb", 4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert all(len(cell.source.splitlines()) <= 8 for cell in code)
    tags = [cell.metadata.get("tags") for cell in book.cells if cell.cell_type == "markdown"]
    assert tags == [["en"], ["zh"]] * (len(tags) // 2)
