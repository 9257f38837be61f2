"""The command line: what it takes, what it prints, how it ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from workbench.cli.commands import main, show_stage
from workbench.cli.options import join_pairs

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def call(capsys, monkeypatch):
    """Run ``workbench`` with words; returns exit code, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(words)
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err

    monkeypatch.setenv("WORKBENCH_ROOT", str(ROOT))
    return run


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "my sales.csv"
    path.write_text("date,sales\n")
    return str(path)


@pytest.mark.parametrize(
    ("given", "joined"),
    [
        (["-p", "period", "2026Q4", "-f", "x"], ["-p", "period=2026Q4", "-f", "x"]),
        (["-p", "period=2026Q4", "-p", "seed", "1"], ["-p", "period=2026Q4", "-p", "seed=1"]),
        (["-p", "where", "channel=线上"], ["-p", "where=channel=线上"]),
        (["-p", "max_growth", "-0.5"], ["-p", "max_growth=-0.5"]),
        (["-p", "period", "--language", "zh"], ["-p", "period", "--language", "zh"]),
        (["-r", "where", "00123"], ["-r", "where=00123"]),
        (["-p"], ["-p"]),
        (["--parameters", "source", ""], ["--parameters", "source="]),
    ],
)
def test_pairs_in_papermills_way_and_ours(given, joined):
    assert join_pairs(given) == joined


def test_check_prints_the_resolved_parameters(call, source):
    code, out, _ = call("check", "20", "-p", f"source={source}", "-p", "period", "2026Q4")
    assert code == 0
    assert f"* source = {source}" in out
    assert "* period = 2026Q4" in out
    assert "  n_paths = 2,000" in out


def test_later_sources_win_in_papermills_order(call, source, tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(f'source: "{source}"\nseed: 1\nn_paths: 500\nperiod: 2026Q3')
    words = ["check", "target_setting", "-f", str(file), "-y", "{seed: 2, n_paths: 600}"]
    code, out, _ = call(*words, "-p", "n_paths", "700", "-p", "seed=3", "-r", "seed", "4")
    assert code == 0
    assert "* seed = 4\n" in out
    assert "* n_paths = 700\n" in out
    assert "* period = 2026Q3\n" in out


def test_text_typed_on_the_command_line_keeps_its_zeros(call, source):
    code, out, _ = call("check", "20", "-p", f"source={source}", "-p", "period", "2026")
    assert code == 0
    assert "* period = 2026\n" in out


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["-p", "perod=2026Q4"], "Did you mean 'period'?", "您要写的是“period”吗？"),
        (["-p", "period=2026Q5"], "2026Q5", "2026Q5"),
        (["-y", "where: 00123"], "where: 83", "收到的却是数字"),
        (["-y", "country: NO"], "YAML reads NO, OFF and N as false", "真/假值"),
        (["-p", "target=0"], "A target must be above zero.", "目标必须大于零"),
        (["-p", "target=-5"], "A target must be above zero.", "目标必须大于零"),
        (["-p", "target=300万"], "A target must be a number.", "目标必须是数字"),
        (["-p", "known=nowhere.csv"], "known: nowhere.csv", "找不到参数“known”指定的文件"),
    ],
)
def test_bad_parameters_end_with_2_and_their_message(call, source, words, english, chinese):
    for language, message in (("en", english), ("zh", chinese)):
        for command in ("check", "run"):
            given = ["20", "-p", f"source={source}", *words, "--language", language]
            code, out, err = call(command, *given)
            assert code == 2
            assert message in err
            assert "Traceback" not in err
            assert out == ""


def test_the_message_speaks_the_language_of_the_parameter_file(call, tmp_path):
    (tmp_path / "p.yaml").write_text("language: zh")
    code, _, err = call("check", "20", "-f", str(tmp_path / "p.yaml"))
    assert code == 2
    assert "没有指定销售数据" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "21_target_setting"], "Did you mean 20_target_setting?"),
        (["check", "zzz"], "'workbench list' says what each answers"),
        (["check", "20", "-f", "no.yaml"], "The parameter file is not there."),
        (["check", "20", "-p", "period"], "Write -p name=value"),
        (["check", "20", "-y", "[1"], "not readable as YAML"),
        (["check"], "Missing argument"),
        (["check", "20", "--perod", "x"], "No such option"),
        (["chek"], "No such command"),
    ],
)
def test_a_command_that_cannot_be_understood_ends_with_2(call, words, message):
    code, _, err = call(*words)
    assert code == 2
    assert message in err


def test_debug_shows_the_traceback():
    command = [sys.executable, "-m", "workbench.cli", "check", "20", "--debug"]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert shown.returncode == 1
    assert "Traceback" in shown.stderr
    assert "No sales data are named" in shown.stderr


def test_help_states_the_exit_codes(call):
    for words in (["--help"], ["run", "--help"]):
        code, out, _ = call(*words)
        assert code == 0
        for meaning in ("2 a parameter", "3 the data", "4 the forecast", "5 the run", "130"):
            assert meaning in " ".join(out.split())


def test_the_command_line_is_light():
    heavy = "{'pandas', 'papermill', 'matplotlib', 'nbconvert', 'duckdb', 'prophet', 'sklearn'}"
    code = f"import sys, workbench.cli.commands; assert not {heavy} & set(sys.modules), sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_check_starts_nothing_heavy(source):
    heavy = "{'pandas', 'papermill', 'jupyter_client', 'numpy', 'duckdb'}"
    code = (
        "import sys; from workbench.run.check import check\n"
        f"check('20', {{'source': {source!r}, 'period': '2026Q4'}})\n"
        f"assert not {heavy} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_an_interrupt_ends_with_130(call, source, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.run.notebook.run_notebook", interrupted)
    code, _, err = call("run", "20", "-p", f"source={source}", "--language", "zh")
    assert code == 130
    assert "运行被中断" in err


def test_stages_are_told_on_one_line_each(capsys):
    from workbench.run.stages import Stage

    show_stage(Stage(1, 2, "读取数据"))
    show_stage(Stage(1, 2, "读取数据").took(1.23))
    assert capsys.readouterr().out == "1/2  读取数据 … 1.2 s\n"


def test_out_is_seen_from_where_the_command_was_called(call, source, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr("workbench.run.notebook.run_notebook", lambda _, v, **__: asked.append(v))
    monkeypatch.setattr("workbench.run.summary.summary", lambda _: [])
    monkeypatch.chdir(tmp_path)
    assert call("run", "20", "-p", f"source={source}", "--out", "mine")[0] == 0
    assert call("run", "20", "-p", f"source={source}", "-p", "out=theirs")[0] == 0
    assert [values["out"] for values in asked] == [str(tmp_path / "mine"), "theirs"]
    code, out, _ = call("history", "--out", "mine")
    assert (code, out.strip()) == (0, "No finished run yet.")


def test_the_demo_ends_with_a_command_that_can_be_copied(call, tmp_path, monkeypatch):
    shop = type("Shop", (), {"rows": {"orders.csv": 3}})
    monkeypatch.setattr("workbench.data.demo.write.write_demo", lambda *_, **__: shop)
    _, out, _ = call("demo-data", str(tmp_path))
    words = out.strip().splitlines()[-1].split()
    for name in ("orders.csv", "mapping.yaml", "known.csv", "targets.csv"):
        (tmp_path / name).touch()
    code, shown, err = call("check", *words[2:])
    assert code == 0, err
    assert "* period = 2026Q4" in shown
    assert "target = 6,000,000" in shown
