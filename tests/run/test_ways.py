"""One target split in every way the data allow."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import TargetError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.params.models import TargetSettingParams
from workbench.run.ways import recent_sales, split_ways
from workbench.target.build import outlook

AHEAD = pd.date_range("2026-10-01", "2026-10-31")


def situation(first: str):
    dates = pd.date_range(first, "2026-09-30")
    level = {"a": 10.0, "b": 30.0}
    rows = [pd.DataFrame({"unit": u, "date": dates, "sales": s}) for u, s in level.items()]
    panel = build_panel(pd.concat(rows), calendar=None)
    rng = np.random.default_rng(3)
    draws = rng.gamma(50.0, [[[0.2, 0.4]]], size=(500, 31, 2))
    paths = SamplePaths.from_values(draws, AHEAD, list(level))
    return panel, outlook(panel, paths, period="2026-10")


def asked(**values: object) -> TargetSettingParams:
    return TargetSettingParams.read({"rounding": 1, **values})


def test_the_chosen_way_first_and_the_others_beside_it():
    panel, ahead = situation("2025-01-01")
    ways = split_ways(1000.0, ahead, panel, asked(allocate_by="history"))
    assert list(ways.all) == ["history", "equal_probability", "share"]
    assert ways.chosen is ways.all["history"]
    assert [one.targets.sum() for one in ways.all.values()] == [1000.0] * 3
    assert ways.chosen.targets.tolist() == [250.0, 750.0]
    assert ways.all["share"].targets.tolist() == [250.0, 750.0]
    assert ways.all["equal_probability"].targets["a"] == pytest.approx(1000 / 3, abs=15)
    assert ways.notices == ()


def test_a_way_the_data_do_not_allow_is_left_out_and_told():
    panel, ahead = situation("2026-03-01")
    ways = split_ways(1000.0, ahead, panel, asked())
    assert list(ways.all) == ["equal_probability", "share"]
    assert [notice.code for notice in ways.notices] == ["target.no_history"]


def test_limits_hold_in_every_way():
    panel, ahead = situation("2025-01-01")
    params = asked(locks={"a": 300}, caps="b=800", max_growth="")
    ways = split_ways(1000.0, ahead, panel, params)
    assert [one.targets["a"] for one in ways.all.values()] == [300.0] * 3


def test_limits_that_clash_stop_the_chosen_way():
    panel, ahead = situation("2025-01-01")
    with pytest.raises(TargetError):
        split_ways(1000.0, ahead, panel, asked(locks={"a": 300, "b": 300}))


def test_recent_sales_are_those_of_the_last_52_weeks():
    panel, _ = situation("2025-01-01")
    assert recent_sales(panel).to_dict() == {"a": 3640.0, "b": 10920.0}
