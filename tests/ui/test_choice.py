"""What is chosen, and what follows from it: plain values, no widgets."""

import pytest

from workbench.calendar.period import parse_period
from workbench.errors import ParameterError
from workbench.ui.choice import Choice, State, limits_of, look, offered
from workbench.ui.start import read_parameters

STATE = State("a", {"a": Choice(100.0), "b": Choice(50.0, locks={"u": 9.0})})


def test_a_change_is_one_of_the_period_that_is_looked_at():
    moved = STATE.but(target=120.0).locked("v", 3.0).at("b").unlocked("u").but(by="share")
    assert moved.choices["a"] == Choice(120.0, locks={"v": 3.0})
    assert moved.choices["b"] == Choice(50.0, by="share", locks={})
    assert STATE.choices["b"].locks == {"u": 9.0}
    assert STATE.unlocked("nobody") == STATE


def test_floors_and_caps_are_of_the_period_they_were_given_for(explore):
    scene = explore(target=60_000, floors={"线上商城": 20_000}, locks={"线下门店": 9_000}).scene
    state = State("2026Q4", {"2026Q4": Choice(60_000.0), "2026-11": Choice(18_000.0)})
    assert limits_of(scene, state)["floors"] == {"线上商城": 20_000}
    assert limits_of(scene, state.at("2026-11"))["floors"] is None
    view = look(scene, state.at("2026-11"))
    assert view.plan is not None
    assert view.plan.targets.sum() == 18_000


def test_a_short_period_stands_alone(explore):
    panel = explore().scene.panel
    assert [p.label for p in offered(parse_period("2026-11"), panel)] == ["2026-11"]
    odd = [p.label for p in offered(parse_period("2026-10-15/2026-12-31"), panel)]
    assert odd == ["2026-10-15/2026-12-31", "2026-11", "2026-12"]
    assert [p.label for p in offered(parse_period("2026Q3"), panel)] == ["2026Q3"]


def test_parameters_are_read_in_a_notebook(tmp_path):
    (tmp_path / "p.yaml").write_text("source: x.csv")
    with pytest.raises(ParameterError):
        read_parameters(str(tmp_path / "p.yaml"), language="zh")
