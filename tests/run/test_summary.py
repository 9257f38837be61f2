"""The answer in a few lines, in the reader's language."""

import json
from pathlib import Path

from workbench.run.result import RunResult
from workbench.run.summary import summary


def finished(folder: Path, *, language="en", target=None, units=("线上商城", "b")) -> RunResult:
    numbers = [("", 900.0, 1000.0, 1100.0)]
    numbers += [(unit, 90.0 + at, 100.0 + at, 110.0 + at) for at, unit in enumerate(units)]
    metrics = [
        {"node": node, "metric": name, "value": value, "unit": "CNY"}
        for node, *values in numbers
        for name, value in zip(("commit", "base", "stretch"), values, strict=True)
    ]
    if target:
        metrics.append({"node": "", "metric": "target", "value": target, "unit": "CNY"})
        metrics.append({"node": "", "metric": "probability", "value": 0.293, "unit": "probability"})
    record = {"currency": "CNY", "metrics": metrics}
    (folder / "results.json").write_text(json.dumps(record))
    return RunResult("20_target_setting", folder, 1.0, language)


def test_five_lines_for_a_shop_of_three_channels(tmp_path):
    lines = summary(finished(tmp_path, target=1050.0, units=("线上商城", "b", "c")))
    assert len(lines) == 5
    assert lines[0].split() == [
        "All",
        "units",
        *["Commit", "¥900", "Base", "¥1,000", "Stretch", "¥1,100"],
    ]
    assert [line.split()[0] for line in lines[1:4]] == ["c", "b", "线上商城"]
    assert lines[4].startswith("Target: ¥1,050  Probability: 29\u00a0%  ")
    assert str(tmp_path / "report.html") in lines[4]
    assert str(tmp_path / "results.json") in lines[4]


def test_columns_line_up_where_chinese_takes_two_columns(tmp_path):
    first, second, third = summary(finished(tmp_path, language="zh"))[:3]
    assert first.split()[:3] == ["合计", "保底", "¥900"]
    assert third.index("保底") + len("线上商城") == second.index("保底")


def test_without_a_target_only_the_files_are_named(tmp_path):
    assert summary(finished(tmp_path))[-1].startswith(str(tmp_path / "report.html"))


def test_many_units_are_cut_and_counted(tmp_path):
    lines = summary(finished(tmp_path, units=[f"u{at}" for at in range(30)]))
    assert len(lines) == 1 + 12 + 1 + 1
    assert "18" in lines[-2]


def test_a_report_without_levels_names_its_files(tmp_path):
    (tmp_path / "results.json").write_text(json.dumps({"currency": "CNY", "metrics": []}))
    assert len(summary(RunResult("00_data_check", tmp_path, 1.0))) == 1
