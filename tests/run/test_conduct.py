"""A batch as it runs: one process per report, failures that stay alone, Ctrl-C."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

from workbench.run.batch import Job, plan_batch
from workbench.run.conduct import Step, run_batch, worst
from workbench.run.overview import line, overview, teller
from workbench.run.result import Outcome
from workbench.run.stages import Stage

from .conftest import results_in


def written(root: Path, **deeds: str) -> list[str]:
    """One parameter file per deed of the stub notebook."""
    for label, deed in deeds.items():
        text = f"source: sales.csv\nwhere: {deed}\nlanguage: zh\n"
        (root / f"00.{label}.yaml").write_text(text, "utf-8")
    return [str(root / f"00.{label}.yaml") for label in deeds]


def test_one_report_that_fails_does_not_stop_the_others(stub_root):
    steps: list[Step] = []
    jobs = plan_batch(written(stub_root, bad="data", lost="die", fine="nothing"))
    outcomes = run_batch(jobs, at_once=2, progress=steps.append)
    assert [outcome.code for outcome in outcomes] == [3, 5, 0]
    assert worst(outcomes) == 5
    assert "没有指定销售数据" in outcomes[0].message
    assert outcomes[2].message == ""
    (record,) = results_in(stub_root)
    assert Path(outcomes[2].folder).name == record["run_id"]
    kept = Path(outcomes[0].folder)
    assert kept.name.startswith("failed_")
    assert (kept / "report.failed.ipynb").is_file()
    ended = [step for step in steps if step.outcome]
    assert sorted(step.number for step in ended) == [1, 2, 3]
    assert {step.stage.name for step in steps if step.stage} == {"读取数据", "处理", "生成报告"}

    rows = overview(jobs, outcomes)
    assert rows[0].split() == ["报告", "截至日", "结果", "秒", "要点", "文件夹"]
    assert rows[1].split()[:2] == ["00.bad", "失败（3）"]
    assert "没有指定销售数据。" in rows[1]
    assert str(kept) in rows[1]
    assert rows[3].split()[:3] == ["00.fine", "2026-09-30", "完成"]


def test_a_process_that_dies_without_a_word_is_told(stub_root, monkeypatch):
    monkeypatch.setattr("workbench.run.worker.work", sys.exit)  # takes no such words
    job = Job("00.gone.yaml", "00_data_check", {})
    (outcome,) = run_batch([job], progress=lambda _: None)
    assert outcome.code == 5
    assert "ended before the report was done.\nFound: 00.gone.yaml: exit code 1" in outcome.message
    (outcome,) = run_batch([Job("a", "00_data_check", {"language": "zh"})], progress=lambda _: None)
    assert "报告尚未完成，其进程就退出了" in outcome.message


def test_an_interrupted_batch_keeps_what_is_done_and_leaves_nothing_half_written(stub_root):
    files = written(stub_root, a="nothing", b="hang", c="hang")
    run = subprocess.Popen(
        [sys.executable, "-m", "workbench.cli", "batch", *files, "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    )
    assert run.stdout is not None
    first = run.stdout.readline().decode("utf-8")
    assert first.startswith("1/3  00.a  完成")
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert b"Traceback" not in err
    table = out.decode("utf-8").strip().splitlines()
    assert [row.split()[0] for row in table] == ["报告", "00.a", "00.b", "00.c"]
    assert "中断" in table[2] or "未开始" in table[2]
    assert len(results_in(stub_root)) == 1
    left = [path.name for path in (stub_root / "runs" / "00_data_check").iterdir()]
    assert not [name for name in left if name.startswith("running_")]


class Screen(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_stage_of_every_running_report():
    jobs = [Job("20.a.yaml", "20_target_setting", {}), Job("10.b.yaml", "10_forecast", {})]
    out, err = Screen(), io.StringIO()
    tell = teller(out, err)
    tell(Step(1, 2, jobs[0], stage=Stage(2, 7, "Forecast")))
    tell(Step(2, 2, jobs[1], stage=Stage(1, 5, "Reading")))
    assert out.getvalue().endswith("20.a 2/7 Forecast … | 10.b 1/5 Reading …")
    tell(Step(1, 2, jobs[0], outcome=Outcome(4, 1.23, message="What is wrong: All.")))
    assert "1/2  20.a  failed (4)  1.2 s\n" in out.getvalue()
    assert out.getvalue().endswith("\x1b[K10.b 1/5 Reading …")
    assert err.getvalue() == "\nWhat is wrong: All.\n\n"


def test_a_report_that_was_not_begun():
    step = Step(2, 2, Job("20.yaml", "20_target_setting", {}), outcome=Outcome(130))
    assert line(step, Outcome(130)) == "2/2  20  not begun  0.0 s"
    assert overview([step.job], [Outcome(130)])[1].split() == ["20", "not", "begun"]
