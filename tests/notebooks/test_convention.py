"""Every notebook keeps the convention: parameters, prose in pairs, short cells that only call."""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from workbench.params.models import MODELS
from workbench.params.table import labels

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(MODELS)
DEMO = {
    "source",
    "mapping",
    "known",
    "targets",
    "period",
    "target",
    "rounding",
    "staff",
    "staff_file",
    "bonus",
}
DEMO |= {"cross", "traffic", "campaigns", "options", "reach", "exclusive"}
DEMO |= {"past_ads", "past_promoters", "past_discounts"}
FORBIDDEN = (ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.Try, ast.With)


@pytest.fixture(params=NAMES)
def name(request) -> str:
    return request.param


@pytest.fixture
def cells(name: str) -> list[nbformat.NotebookNode]:
    return list(nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4).cells)


def code_of(cells) -> list[nbformat.NotebookNode]:
    return [cell for cell in cells if cell.cell_type == "code"]


def declared(cell: nbformat.NotebookNode) -> dict[str, object]:
    """Name → default, from the annotated literals of a parameters cell."""
    lines = ast.parse(cell.source).body
    assert all(isinstance(line, ast.AnnAssign) for line in lines)
    return {line.target.id: ast.literal_eval(line.value) for line in lines}


def test_every_notebook_has_a_model_and_a_parameter_file():
    assert [p.stem for p in sorted((ROOT / "notebooks").glob("*.ipynb"))] == NAMES
    assert [p.stem for p in sorted((ROOT / "params").glob("*.yaml"))] == NAMES


def test_cell_and_model_declare_the_same_names_and_defaults(name, cells):
    first = code_of(cells)[0]
    assert first.metadata.tags == ["parameters"]
    assert declared(first) == MODELS[name].defaults()
    assert list(declared(first))[:-1] == [n for n in labels() if n in MODELS[name].model_fields]


def test_parameter_file_names_them_all_and_departs_from_defaults_for_the_demo_only(name):
    text = (ROOT / "params" / f"{name}.yaml").read_text("utf-8")
    values = yaml.safe_load(text)
    params = MODELS[name].read(values)
    assert list(values) == [n for n in labels() if n in MODELS[name].model_fields]
    assert set(params.given()) <= DEMO


def test_papermill_sees_every_parameter_with_its_help(name):
    from papermill import inspect_notebook

    seen = inspect_notebook(ROOT / "notebooks" / f"{name}.ipynb")
    assert set(seen) == set(MODELS[name].model_fields)
    assert all(one["inferred_type_name"] != "None" for one in seen.values())
    for parameter, meaning in labels(name).items():
        if parameter in seen:
            assert seen[parameter]["help"] == f"{meaning['en']} / {meaning['zh']}"
            default = ast.literal_eval(seen[parameter]["default"])
            assert default == MODELS[name].defaults()[parameter]


def test_an_empty_period_is_told_to_be_the_one_that_the_notebook_takes(cells):
    source = "\n".join(cell.source for cell in code_of(cells))
    kinds = {"chosen_period(": "next quarter", "tracked_period(": "the running quarter"}
    for call, said in kinds.items():
        if call in source:
            assert f"empty: {said}" in source


def test_second_code_cell_reads_the_parameters(name, cells):
    assert f"params = {MODELS[name].__name__}.from_notebook()" in code_of(cells)[1].source


def test_code_cells_are_short_and_only_call(name, cells):
    fields = set(MODELS[name].model_fields)
    for cell in code_of(cells)[1:]:
        assert len(cell.source.splitlines()) <= 8, cell.id
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not [node for node in nodes if isinstance(node, FORBIDDEN)], cell.id
        names = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        assert not names & fields, f"{cell.id} would change a parameter: a second run reads it"


def test_code_cells_after_the_parameters_name_their_stage_in_both_languages(cells):
    for cell in code_of(cells)[2:]:
        assert set(cell.metadata.stage) == {"en", "zh"}, cell.id


def test_last_cell_publishes(cells):
    assert "publish(" in code_of(cells)[-1].source


def test_prose_comes_in_pairs_english_then_chinese(cells):
    prose = [cell for cell in cells if cell.cell_type == "markdown"]
    assert [cell.metadata.tags for cell in prose] == [["en"], ["zh"]] * (len(prose) // 2)
    for english, chinese in zip(prose[::2], prose[1::2], strict=True):
        assert english.id.removesuffix("-en") == chinese.id.removesuffix("-zh")
        heading = english.source.split(" ")[0]
        assert chinese.source.split(" ")[0] == heading
        assert not any("\u4e00" <= c <= "\u9fff" for c in english.source)
        assert any("\u4e00" <= c <= "\u9fff" for c in chinese.source)


def test_notebooks_are_stored_without_outputs_and_with_the_projects_kernel(name, cells):
    whole = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4)
    nbformat.validate(whole)
    assert whole.metadata.kernelspec.name == "python3"
    assert set(whole.metadata.workbench) == {"reader", "answers"}
    assert all(not cell.outputs and cell.execution_count is None for cell in code_of(cells))


def test_help_notebook_lists_the_parameters(name):
    command = [sys.executable, "-m", "papermill", "--help-notebook", f"notebooks/{name}.ipynb"]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert "as_of: str" in shown.stdout
    assert "Unknown type" not in shown.stdout
