"""The cascade as the notebook asks for it: parameters in, split, sheet and tables out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from workbench.errors import ParameterError, TargetError
from workbench.forecast.paths import SamplePaths
from workbench.panel.build import build_panel
from workbench.params.models import TargetSettingParams
from workbench.report.cascade_shown import load_or_note, sheet_note, staffing_or_nothing
from workbench.report.tables.ways import ways_table
from workbench.report.target_prose import allocation_answer
from workbench.report.words import Words
from workbench.run.cascading import (
    assumptions,
    judged,
    saved_sheet,
    split_tables,
    split_target,
    with_split,
)
from workbench.run.earlier import look_at_earlier
from workbench.run.plans import Planned
from workbench.target.adjustments import adjust
from workbench.target.build import outlook
from workbench.target.goal import goal_of
from workbench.target.reasons import reasons

UNITS = ["web / An", "web / Bo", "store / Cy"]
KEYS = pd.DataFrame(
    {"channel": ["web", "web", "store"], "salesperson": ["An", "Bo", "Cy"]}, index=UNITS
)


@dataclass
class Read:
    """What of the sales the cascade looks at."""

    keys: pd.DataFrame


@pytest.fixture(scope="module")
def made():
    dates = pd.date_range("2025-08-01", "2026-09-30")
    rows = pd.DataFrame({"unit": np.repeat(UNITS, len(dates)), "date": np.tile(dates, 3)})
    panel = build_panel(rows.assign(sales=np.repeat([30.0, 20, 10], len(dates))), calendar=None)
    ahead = pd.date_range("2026-10-01", "2026-12-31")
    scale = np.linspace(0.8, 1.2, 99)[:, None, None]
    values = scale * np.ones((1, 92, 1)) * np.array([30.0, 20, 10])
    paths = SamplePaths.from_values(values, ahead, UNITS)
    history = {"sales": Read(KEYS), "panel": panel, "paths": paths}
    return history, outlook(panel, paths, period="2026Q4")


def params(**values):
    return TargetSettingParams.read({"source": "orders.csv", "rounding": 1, **values})


def test_limits_of_any_level_and_assumptions_reach_the_cascade(made):
    history, seen = made
    extra = [{"label": "launch", "low": 0, "mid": 0.1, "high": 0.2, "start": "2026-12-01"}]
    asked = params(locks="channel=web=3000", adjustments=extra)
    ahead = adjust(seen, assumptions(asked), paths=history["paths"])
    split = split_target(asked, goal_of(5000, ahead), ahead, **history)
    assert split.cascade.at("channel").loc["web", "target"] == 3000
    days = split.cascade.days.amounts.sum(axis=1)
    assert days[-1] == pytest.approx(1.1 * days[0], rel=0.05)
    assert split.plan().targets.sum() == 5000
    assert list(split.ways().allocations) == ["equal_probability", "history", "share"]
    assert judged(asked, split, ahead).index.tolist() == ["", *UNITS]
    why = reasons(history["panel"], seen)
    tables = split_tables(split, why, judged(asked, split, ahead))
    assert set(tables) == {"reasons", "band", "sheet"}
    targets = pd.DataFrame({"target": [5000.0], "probability": [0.4]}, index=pd.Index([""]))
    before = look_at_earlier(asked, history["panel"], seen, targets)
    parts = (split, why, tables["band"], before, Planned(ahead, history["paths"]))
    published = with_split({"metrics": [], "tables": {"a": 1}}, *parts)
    assert set(published["tables"]) == {"a", "earlier", *tables}
    assert published["tables"]["earlier"]["by_earlier"].tolist() == [0.4], "no file of targets"


def test_a_staff_table_limits_the_split(made, tmp_path):
    history, seen = made
    file = tmp_path / "staff.csv"
    file.write_text("salesperson,money_per_day\nAn,20\nBo,40\nCy,40\n", "utf-8")
    asked = params(staff_file=str(file))
    split = split_target(asked, goal_of(5000, seen), seen, **history)
    assert split.cascade.targets["web / An"] == 20 * 92
    assert "capacity.over" in {notice.code for notice in split.notices}
    words = Words("en")
    assert "Can the people carry it" in load_or_note(split.load, words).as_raw_html()
    assert (
        "One person more"
        in staffing_or_nothing(split.scenarios, words, period=seen.period).as_raw_html()
    )
    tables = split_tables(split, reasons(history["panel"], seen), pd.DataFrame())
    assert {"capacity", "staffing"} <= set(tables)
    free = split_target(params(), goal_of(5000, seen), seen, **history)
    assert "No staff table was given" in str(load_or_note(free.load, words))
    assert not staffing_or_nothing(free.scenarios, words, period=seen.period).text


def test_a_split_by_capacity_stands_beside_the_other_ways(made, tmp_path):
    history, seen = made
    file = tmp_path / "staff.csv"
    file.write_text("salesperson,money_per_day\nAn,20\nBo,60\nCy,20\n", "utf-8")
    asked = params(staff_file=str(file), allocate_by="capacity")
    split = split_target(asked, goal_of(5000, seen), seen, **history)
    assert split.cascade.targets.to_dict() == {
        "web / An": 1000,
        "web / Bo": 3000,
        "store / Cy": 1000,
    }
    assert split.plan().method == "capacity"
    ways = split.ways()
    assert list(ways.allocations) == ["equal_probability", "history", "share", "capacity"]
    assert "by capacity" in ways_table(ways, Words("en")).as_raw_html()
    assert "按各单元人员产能" in str(allocation_answer(split.plan(), Words("zh")))
    beyond = split_target(asked, goal_of(10_000, seen), seen, **history)
    assert beyond.cascade.targets["web / Bo"] == 6000, "too few people: shown, not refused"
    assert "capacity" in beyond.ways().allocations


def test_a_split_by_capacity_needs_to_know_the_staff(made, tmp_path):
    history, seen = made
    with pytest.raises(ParameterError, match="no staff table says what people can sell"):
        params(allocate_by="capacity").check_files()
    file = tmp_path / "staff.csv"
    file.write_text("salesperson,money_per_day\nAn,20\nBo,60\n", "utf-8")
    asked = params(staff_file=str(file), allocate_by="capacity")
    with pytest.raises(TargetError, match=r"some units can sell is not known.*\n.*store / Cy"):
        split_target(asked, goal_of(5000, seen), seen, **history)


def test_the_sheet_is_written_where_it_is_asked_for(made, tmp_path):
    history, seen = made
    split = split_target(params(), goal_of(5000, seen), seen, **history)
    bare = sheet_note(saved_sheet(params(language="zh"), split), Words("zh"))
    assert "sheet=targets.xlsx" in str(bare)
    file = tmp_path / "targets.csv"
    said = sheet_note(saved_sheet(params(sheet=str(file), language="zh"), split), Words("zh"))
    assert str(file) in str(said)
    assert "目标" in file.read_text("utf-8-sig").splitlines()[0]
    with pytest.raises(TargetError, match="sheet cannot be written"):
        saved_sheet(params(sheet=str(tmp_path / "targets.pdf")), split)
