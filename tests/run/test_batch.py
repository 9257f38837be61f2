"""What a batch is to run: files, patterns and folders, all checked before anything starts."""

from pathlib import Path

import pytest

from workbench.errors import ParameterError
from workbench.run.batch import notebook_of, plan_batch
from workbench.run.result import exit_code

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def weekly(stub_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two parameter files, in the folder the command is called from."""
    folder = stub_root / "here" / "weekly"
    folder.mkdir(parents=True)
    for name in ("00_data_check.south.yaml", "00-北区.yml"):
        (folder / name).write_text("source: sales.csv\nlanguage: zh\n", "utf-8")
    monkeypatch.chdir(stub_root / "here")
    return folder


@pytest.mark.parametrize(
    ("file", "notebook"),
    [
        ("20_target_setting.yaml", "20_target_setting"),
        ("a/b/20.yaml", "20_target_setting"),
        ("10华东.yaml", "10_forecast"),
        ("2026Q4.yaml", ""),
        ("weekly.yaml", ""),
        ("200_x.yaml", ""),
    ],
)
def test_a_files_name_begins_with_the_number_of_its_notebook(file, notebook):
    assert notebook_of(file) == notebook


@pytest.mark.parametrize("given", [["weekly"], ["weekly/*.y*ml"], ["weekly/00-*", "weekly/*.yaml"]])
def test_folders_and_patterns_are_their_files(weekly, given):
    jobs = plan_batch(given)
    assert {job.label for job in jobs} == {"00_data_check.south", "00-北区"}
    assert {job.notebook for job in jobs} == {"00_data_check"}
    assert {job.language for job in jobs} == {"zh"}


def test_values_given_for_all_replace_those_of_the_files_where_they_are_taken(weekly, stub_root):
    (stub_root / "notebooks" / "20_target_setting.ipynb").touch()
    (weekly / "20.yaml").write_text("source: sales.csv\nas_of: 2026-01-31")
    given = {"as_of": "2026-10-31", "n_paths": "500"}
    values = [dict(job.values) for job in plan_batch(["weekly/00*.yaml", "weekly/20*"], given)]
    assert values[0] == {"source": "sales.csv", "language": "zh", "as_of": "2026-10-31"}
    assert values[1] == {"source": "sales.csv", **given}


def test_all_that_is_wrong_is_told_file_by_file_before_anything_starts(weekly):
    (weekly / "00_a.yaml").write_text("source: sales.csv\nperod: 2026Q4\nseed: x")
    (weekly / "notes.yaml").write_text("source: sales.csv")
    twice = str(weekly / "00_data_check.south.yaml")
    with pytest.raises(ParameterError) as caught:
        plan_batch(["weekly", twice, "no.yaml"], {"language": "en"})
    said = caught.value.text("en")
    assert said.index("00_a.yaml\n\nWhat is wrong: ") < said.index("Did you mean 'period'?")
    assert "does not say which notebook it is for.\nFound: notes.yaml; the notebooks are" in said
    assert f"A parameter file is named twice.\nFound: {twice}" in said
    assert "The parameter file is not there.\nFound: no.yaml" in said
    assert "从参数文件的名称看不出用于哪个 notebook" in caught.value.text("zh")
    assert "同一个参数文件给了两次" in caught.value.text("zh")
    assert exit_code(caught.value) == 2


@pytest.mark.parametrize("names", [[], ["empty"], ["weekly/30*.yaml"]])
def test_no_files_at_all(weekly, names):
    (weekly.parent / "empty").mkdir()
    with pytest.raises(ParameterError, match="There are no parameter files to run"):
        plan_batch(names)


def test_the_weekly_files_of_the_project_are_in_order(monkeypatch, tmp_path):
    for name in ("notebooks", "params"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "demo").mkdir()
    for name in ("orders.csv", "mapping.yaml", "known.csv", "targets.csv", "traffic.csv"):
        (tmp_path / "demo" / name).touch()
    monkeypatch.setenv("WORKBENCH_ROOT", str(tmp_path))
    jobs = plan_batch(["params/weekly"], {"as_of": "2026-08-16"})
    assert [job.file for job in jobs] == sorted(job.file for job in jobs)
    assert len({job.notebook for job in jobs}) >= 3
