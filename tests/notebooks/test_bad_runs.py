"""Runs that cannot be: each ends with its message, and nothing looks finished."""

import json

import pytest

from .conftest import SCRIPT, Shop

BAD = {
    "data": ({"source": "wrong.csv"}, 3, "colour, size"),
    "limits": ({"target": 160000, "floors": {"线上商城": 150000, SCRIPT: 150000}}, 4, "150,000"),
    "unknown unit": ({"target": 160000, "locks": {"线上商店": 1}}, 4, "线上商城"),
    "where": ({"where": "channel=线上"}, 3, "线上商城"),
}


@pytest.mark.parametrize(
    ("case", "language"),
    [("data", "zh"), ("limits", "en"), ("unknown unit", "en"), ("where", "en")],
)
def test_bad_input_ends_with_its_message_and_leaves_nothing_that_looks_finished(
    small: Shop, case, language
):
    changes, code, said = BAD[case]
    (small.root / "wrong.csv").write_text("colour,size\nred,3\n")
    done = small.run("20", n_paths=100, language=language, **changes)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stderr.strip().startswith("问题：" if language == "zh" else "What is wrong: ")
    assert "Traceback" not in done.stderr
    assert small.results("20_target_setting") == []
    (folder,) = (small.root / "runs" / "20_target_setting").iterdir()
    assert folder.name.startswith("failed_")
    assert {path.name for path in folder.iterdir()} == {"params.yaml", "report.failed.ipynb"}
    kept = json.loads((folder / "report.failed.ipynb").read_text("utf-8"))
    assert "Traceback (most recent call last)" not in json.dumps(kept)
