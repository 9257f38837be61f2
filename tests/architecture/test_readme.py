"""The example in the README is what the demo prints, in both languages of the README."""

import re

import pytest
import yaml
from project import ROOT

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "docs" / "README.zh.md"
MONEY = re.compile(r"¥([\d,]+)")
PROBABILITY = re.compile(r"(\d+)\s?%")


def example(path) -> list[str]:
    """The lines of the block that shows the answer."""
    blocks = re.split(r"^```.*\n", path.read_text("utf-8"), flags=re.MULTILINE)[1::2]
    return next(block.splitlines() for block in blocks if "¥" in block)


def amounts(lines: list[str]) -> list[list[float]]:
    return [[float(found.replace(",", "")) for found in MONEY.findall(line)] for line in lines]


def shape(line: str) -> str:
    """A line without its figures and paths."""
    return re.sub(r"[\d,]+|\S*runs/\S*|\s+", " ", line).split("¥")[0].strip()


@pytest.fixture(scope="module")
def answer(tmp_path_factory) -> list[str]:
    """What the demo prints at its end."""
    from workbench.data.demo.write import write_demo
    from workbench.run.notebook import run_notebook
    from workbench.run.summary import summary

    folder = tmp_path_factory.mktemp("readme")
    write_demo(folder / "demo")
    text = (ROOT / "params" / "20_target_setting.yaml").read_text("utf-8")
    values = yaml.safe_load(text.replace('"demo/', f'"{folder}/demo/'))
    values["out"] = str(folder / "runs")
    return summary(run_notebook("20_target_setting", values, progress=lambda _: None))


def test_the_example_is_what_the_demo_prints(answer):
    shown = example(ENGLISH)
    assert [shape(line) for line in shown] == [shape(line) for line in answer]
    for said, found in zip(amounts(shown), amounts(answer), strict=True):
        assert said == pytest.approx(found, rel=0.01), "copy what 'make demo' prints to the README"
    said, found = (int(PROBABILITY.search(lines[-1])[1]) for lines in (shown, answer))
    assert abs(said - found) <= 1


def test_the_chinese_example_shows_the_same_numbers():
    english, chinese = example(ENGLISH), example(CHINESE)
    assert amounts(chinese) == amounts(english)
    assert PROBABILITY.search(chinese[-1])[1] == PROBABILITY.search(english[-1])[1]
