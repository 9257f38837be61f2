"""What was noticed, each once, in the reader's language."""

from dataclasses import dataclass

from workbench.errors import Problem
from workbench.report.words import Words
from workbench.run.watch import noticed


@dataclass(frozen=True)
class Noun:
    notices: tuple[Problem, ...]


ODD = Problem("run.targets_without_sales", {"count": 1, "units": "<b>南区</b>"})
TOLD = Problem("run.no_target", {"base": "5"})


def test_each_notice_once_in_order():
    seen = noticed(Words("en"), Noun((ODD, TOLD)), Noun(()), Noun((ODD,)))
    assert seen.problems == (ODD, TOLD)
    assert repr(seen) == f"{ODD.text('en')}\n\n{TOLD.text('en')}"


def test_names_from_the_data_are_harmless_in_html():
    shown = noticed(Words("zh"), Noun((ODD,)))._repr_html_()
    assert "&lt;b&gt;南区&lt;/b&gt;" in shown
    assert "有些目标所属的单元没有销售记录" in shown


def test_nothing_noticed_is_said_too():
    assert noticed(Words("en"))._repr_html_().startswith("<p>Nothing stood out")
    assert "均未发现" in repr(noticed(Words("zh")))
