"""Parameter files, and where the files they name are looked for."""

import base64
from pathlib import Path

import pytest

from workbench.errors import ParameterError
from workbench.params.files import collect, read_file, read_yaml
from workbench.params.models import TargetSettingParams
from workbench.params.places import find_file, project_root


def test_dates_stay_text_and_an_empty_file_is_no_parameters():
    assert read_yaml("as_of: 2026-09-30\ntarget: 3e6") == {"as_of": "2026-09-30", "target": "3e6"}
    assert read_yaml("# nothing\n") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("period: 2026Q4\nperiod: 2026Q3", "parameter file twice.\nFound: p.yaml, line 2: period"),
        ("- a\n- b", "this one holds something else.\nFound: p.yaml: ['a', 'b']"),
        ("period: [2026", "p.yaml, line 1"),
        ("a: b: c", "p.yaml, line 1: mapping values are not allowed here"),
        ("a: !!python/object:os.system x", "p.yaml, line 1: could not determine a constructor"),
    ],
)
def test_yaml_that_cannot_be_used(text, message):
    with pytest.raises(ParameterError) as caught:
        read_yaml(text, path="p.yaml")
    assert message in caught.value.text("en")
    assert "p.yaml" in caught.value.text("zh")


def test_missing_and_wrongly_encoded_files(tmp_path: Path):
    with pytest.raises(ParameterError, match="parameter file is not there"):
        read_file(str(tmp_path / "no.yaml"))
    (tmp_path / "g.yaml").write_bytes("by: [线上商城]".encode("gb18030"))
    with pytest.raises(ParameterError, match="not UTF-8"):
        read_file(str(tmp_path / "g.yaml"))
    (tmp_path / "bom.yaml").write_text("seed: 3", "utf-8-sig")
    assert read_file(str(tmp_path / "bom.yaml")) == {"seed": 3}


def test_precedence_is_papermills(tmp_path: Path):
    file = tmp_path / "p.yaml"
    file.write_text("a: file\nb: file\nc: file\nd: file")
    values = collect(
        encoded=[base64.b64encode(b"a: b64\ne: b64").decode()],
        files=[str(file)],
        texts=["{b: yaml, c: yaml, d: yaml}"],
        pairs=[("c", "pair"), ("d", "pair")],
        raw=[("d", "00123")],
    )
    assert values == {"a": "file", "b": "yaml", "c": "pair", "d": "00123", "e": "b64"}
    with pytest.raises(ParameterError, match="not readable as YAML"):
        collect(encoded=["%%%"])


def test_root_is_named_or_found_above(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("WORKBENCH_ROOT", raising=False)
    for name in ("notebooks", "params", "notebooks/deep"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    assert project_root() == tmp_path
    monkeypatch.setenv("WORKBENCH_ROOT", str(tmp_path / "notebooks"))
    assert project_root() == tmp_path / "notebooks"


def test_files_are_looked_for_in_the_root_then_in_the_working_folder(tmp_path: Path, monkeypatch):
    root, here = tmp_path / "root", tmp_path / "here"
    for folder in (root, here):
        folder.mkdir()
        (folder / "both.csv").write_text(folder.name)
    (here / "mine.csv").write_text("x")
    monkeypatch.setenv("WORKBENCH_ROOT", str(root))
    monkeypatch.chdir(here)
    assert find_file("both.csv") == root / "both.csv"
    assert find_file("mine.csv") == here / "mine.csv"
    assert find_file("none.csv") is None
    params = TargetSettingParams.read({"source": "mine.csv", "known": "none.csv"})
    assert params.file("source") == str(here / "mine.csv")
    assert params.file("mapping") == ""
    with pytest.raises(ParameterError) as caught:
        params.check_files()
    assert f"known: none.csv; looked at {root / 'none.csv'} ; {here / 'none.csv'}" in str(
        caught.value
    )
    assert "找不到参数“known”指定的文件" in caught.value.text("zh")


def test_a_source_is_needed():
    with pytest.raises(ParameterError, match="No sales data are named"):
        TargetSettingParams.read({}).check_files()


def test_an_address_is_no_file():
    params = TargetSettingParams.read({"source": "postgresql://host/shop"})
    params.check_files()
    assert params.file("source") == "postgresql://host/shop"


def test_given_and_plain():
    params = TargetSettingParams.read({"source": "a", "by": "x", "target": "5", "locks": {"u": 1}})
    assert params.given() == {"source": "a", "by": ["x"], "target": 5.0, "locks": {"u": 1.0}}
    assert params.plain()["max_growth"] == ""
    assert TargetSettingParams.read(params.plain()) == params


def test_limits_are_the_options_of_an_allocation():
    params = TargetSettingParams.read({"locks": "a=5", "max_growth": 0.2, "rounding": 1000})
    assert params.limits() == {
        "locks": {"a": 5.0},
        "floors": None,
        "caps": None,
        "max_growth": 0.2,
        "unit": 1000.0,
    }
