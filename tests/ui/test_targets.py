"""The explorer without a browser: widgets moved by setting their values, and what they say."""

import re
from html import unescape

import pandas as pd
import pytest

from workbench.report.words import Words
from workbench.target.allocate import allocate
from workbench.ui import targets

from .conftest import SCRIPT, UNITS


def amounts(explorer):
    return {row.unit: row.amount.value for row in explorer.controls.rows}


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ")


def test_it_opens_on_the_target_of_the_parameters_else_on_the_base(explore):
    asked = explore(target=50_000)
    assert asked.controls.target.value == 50_000
    assert "¥50,000" in plain(asked.controls.answer.value)
    free = explore()
    base = free.scene.outlooks["2026Q4"].target_at(0.5)
    assert free.controls.slider.value == pytest.approx(base, abs=10)
    assert free.controls.target.value == free.controls.slider.value


def test_a_drag_shows_probability_shares_and_chances_at_once(explore):
    explorer = explore()
    controls, ahead = explorer.controls, explorer.scene.outlooks["2026Q4"]
    for target in (52_000.0, 57_000.0):
        controls.slider.value = target
        likely = Words("en").probability(ahead.probability(target))
        assert controls.target.value == target
        assert plain(likely) in plain(controls.answer.value)
        assert plain(likely) in plain(controls.mark.value)
        plan = allocate(target, ahead, unit=10)
        assert amounts(explorer) == plan.targets.to_dict()
        for row in controls.rows:
            cells = plain(row.cells.value)
            assert plain(Words("en").percent(plan.targets[row.unit] / target, digits=1)) in cells
            assert plain(Words("en").probability(plan.probabilities[row.unit])) in cells


def test_a_drag_neither_draws_nor_sorts_the_paths_again(explore, monkeypatch):
    explorer = explore()
    ahead = explorer.scene.outlooks["2026Q4"]
    figure, ordered = explorer.controls.figure.value, ahead.ordered
    monkeypatch.setattr(targets, "attainment_chart", None)
    monkeypatch.setattr(targets, "anchors", None)
    before = explorer.controls.mark.value
    explorer.controls.slider.value = 53_000.0
    assert explorer.controls.mark.value != before
    assert explorer.controls.figure.value == figure
    assert ahead.ordered is ordered


def test_an_exact_target_may_lie_beyond_the_slider(explore):
    controls = explore().controls
    controls.target.value = 200_000.0
    assert controls.slider.value == controls.slider.max < 200_000
    assert controls.target.value == 200_000.0
    assert "¥200,000" in plain(controls.answer.value)


def test_levels_are_one_press_away(explore):
    explorer = explore()
    ahead = explorer.scene.outlooks["2026Q4"]
    for name, probability in targets.LEVELS.items():
        button = explorer.controls.levels[name]
        button.click()
        assert explorer.state.choice.target == pytest.approx(ahead.target_at(probability), abs=5)
        assert Words("en")(name) in button.description


def test_a_unit_is_locked_by_its_tick_or_by_typing_and_the_others_share_the_rest(explore):
    explorer = explore(target=60_000)
    first, second, third = explorer.controls.rows
    assert [row.unit for row in explorer.controls.rows] == list(UNITS)
    second.amount.value = 15_000.0
    assert second.lock.value is True
    assert explorer.state.choice.locks == {"线下门店": 15_000.0}
    assert sum(amounts(explorer).values()) == 60_000
    held = first.amount.value
    first.lock.value = True
    explorer.controls.slider.value = 58_000.0
    assert amounts(explorer)["线上商城"] == held
    assert amounts(explorer)[SCRIPT] == 58_000 - 15_000 - held
    first.lock.value = False
    assert first.amount.value != held
    explorer.controls.unlock.click()
    assert explorer.state.choice.locks == {}
    assert not second.lock.value
    assert third.amount.value == explorer.view.plan.targets[SCRIPT]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The units below still show the last target"), ("zh", "仍是上一次能够分解的结果")],
)
def test_what_cannot_be_is_said_in_three_parts_and_nothing_is_lost(explore, language, said):
    explorer = explore(target=60_000, language=language)
    before = amounts(explorer)
    explorer.controls.rows[0].amount.value = 70_000.0
    (problem,) = explorer.view.problems
    shown = plain(explorer.controls.problems.value)
    for part in ("what", "found", "do"):
        assert problem.part(part, language) in shown
    assert said in shown
    assert amounts(explorer) == before | {"线上商城": 70_000.0}
    assert explorer.controls.target.value == 60_000
    explorer.controls.rows[0].lock.value = False
    assert explorer.controls.problems.value == ""
    assert amounts(explorer) == before


def test_a_target_that_is_none_is_refused_in_words(explore):
    explorer = explore(target=60_000)
    answer = explorer.controls.answer.value
    explorer.controls.target.value = -5.0
    assert explorer.view.probability is None
    (problem,) = explorer.view.problems
    assert problem.part("what") in plain(explorer.controls.problems.value)
    assert explorer.controls.answer.value == answer
    explorer.controls.slider.value = 55_000.0
    assert explorer.controls.problems.value == ""


def test_methods_are_those_that_the_data_allow(explore):
    young = explore(target=60_000, since="2026-06-01")
    assert [way for _, way in young.controls.method.options] == ["equal_probability", "share"]
    explorer = explore(target=60_000)
    ways = [way for _, way in explorer.controls.method.options]
    assert ways == ["equal_probability", "history", "share"]
    explorer.controls.method.value = "share"
    shares = {unit: amount / 60_000 for unit, amount in amounts(explorer).items()}
    assert shares == pytest.approx(dict(zip(UNITS, (1 / 2, 1 / 3, 1 / 6), strict=True)), abs=1e-3)


def test_each_period_keeps_what_was_chosen_for_it(explore):
    explorer = explore(target=60_000, language="zh")
    controls = explorer.controls
    names = [name for name, _ in controls.period.options]
    assert names == ["2026年四季度", "2026年10月", "2026年11月", "2026年12月"]
    controls.rows[0].amount.value = 30_000.0
    controls.period.value = "2026-11"
    assert not controls.rows[0].lock.value
    assert controls.target.value == pytest.approx(18_000, rel=0.1)
    assert "2026年11月" in plain(controls.answer.value)
    assert controls.slider.max < 30_000
    controls.target.value = 19_000.0
    controls.period.value = "2026Q4"
    assert controls.target.value == 60_000
    assert controls.rows[0].lock.value
    controls.period.value = "2026-11"
    assert controls.target.value == 19_000


@pytest.mark.parametrize(("kind", "ending"), [("CSV", ".csv"), ("Excel", ".xlsx")])
def test_the_sheet_holds_what_is_on_the_screen(explore, tmp_path, kind, ending):
    explorer = explore(target=60_000, language="zh")
    explorer.controls.rows[1].amount.value = 15_000.0
    for _ in range(2):
        explorer.controls.save[kind].click()
    folder = tmp_path / "explore_targets"
    names = {path.name for path in folder.iterdir()}
    assert names == {f"2026Q4_60000{ending}", f"2026Q4_60000-2{ending}"}
    assert f"已保存：{folder / f'2026Q4_60000-2{ending}'}" in explorer.controls.saved.value
    if kind == "CSV":
        sheet = pd.read_csv(folder / "2026Q4_60000.csv")
        parts = {"合计": 60_000.0} | amounts(explorer)
        found = sheet[sheet.iloc[:, 1].isin(parts)].drop_duplicates(sheet.columns[1])
        target = next(name for name in sheet.columns if "目标" in name)
        assert found.set_index(sheet.columns[1])[target].to_dict() == {
            name: amount for name, amount in parts.items() if name in set(found.iloc[:, 1])
        }
        assert set(amounts(explorer)) <= set(found.iloc[:, 1])


def test_a_sheet_that_cannot_be_written_is_said(explore, tmp_path):
    (tmp_path / "explore_targets").write_text("a file in the way")
    explorer = explore(target=60_000)
    explorer.controls.save["CSV"].click()
    assert "The report cannot be written." in explorer.controls.problems.value
    explorer.controls.rows[0].amount.value = 70_000.0
    explorer.controls.save["CSV"].click()
    assert explorer.controls.saved.value == ""


def test_names_from_the_data_are_text_never_code(explore):
    explorer = explore(units=(*UNITS, *(f"店{at:02d}" for at in range(25))))
    shown = [w.value for w in (explorer.controls.answer, explorer.controls.rest)]
    assert not any(SCRIPT in html for html in shown)
    assert SCRIPT not in explorer.controls.figure.value


def test_many_units_show_the_largest_and_any_other_on_demand(explore):
    units = tuple(f"店{at:02d}" for at in range(25))
    explorer = explore(units=units, target=480_000, language="zh")
    controls = explorer.controls
    assert len(controls.rows) == 20
    assert "其余 5 个单元合计" in controls.rest.value
    (wanted, *_) = controls.more.options
    controls.more.value = wanted
    assert controls.rows[-1].unit == wanted
    assert controls.table.children[-1] is controls.rows[-1].box
    assert "其余 4 个单元合计" in controls.rest.value
    assert controls.more.value == ""
    controls.rows[-1].lock.value = True
    assert set(explorer.state.choice.locks) == {wanted}
    controls.more.value = "no such unit"
    assert len(controls.rows) == 21


def test_a_notebook_shows_it_as_one_widget(explore):
    explorer = explore()
    assert "application/vnd.jupyter.widget-view+json" in explorer._repr_mimebundle_()
