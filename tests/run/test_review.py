"""The review of a period that is over, the record beside it, and targets recorded as a version."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.data.sales import load_sales
from workbench.errors import ParameterError
from workbench.panel.build import build_panel
from workbench.params.models import TargetSettingParams, TrackRecordParams
from workbench.report.review_shown import (
    bonuses_or_nothing,
    card_answer,
    card_chart,
    card_table,
    versions_or_nothing,
)
from workbench.report.words import Words
from workbench.run.choose import chosen_goal
from workbench.run.record_results import record_results
from workbench.run.review import past_record, review_period, reviewed, staged
from workbench.run.saving import save_plan
from workbench.target.allocate import allocate
from workbench.target.drift import calibration_drift
from workbench.target.outlook import Outlook
from workbench.target.setting import set_targets
from workbench.target.versions import target_versions, targets_in_force

RULES = "roles:\n  default:\n    amount: 100\n    steps: [{from: 0.5, pays: 1}]\n"
TARGETS = """period,team,salesperson,target
2026-06,北,安,900
2026-06,北,波,900
2026-06,南,陈,900
2026-07,北,安,1000
2026-07,北,波,800
2026-07,南,陈,900
2026-07,南,走,500
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("shop")
    days = pd.date_range("2026-01-01", "2026-08-05")
    rng = np.random.default_rng(0)
    rows = [
        pd.DataFrame(
            {
                "date": days,
                "team": team,
                "salesperson": person,
                "sales": rng.lognormal(3.4, 0.1, len(days)),
            }
        )
        for team, person in (("北", "安"), ("北", "波"), ("南", "陈"))
    ]
    pd.concat(rows).to_csv(where / "sales.csv", index=False)
    (where / "targets.csv").write_text(TARGETS)
    (where / "bonus.yaml").write_text(RULES)
    return where


@pytest.fixture(scope="module")
def given(folder):
    return {
        "source": str(folder / "sales.csv"),
        "targets": str(folder / "targets.csv"),
        "by": ["team"],
        "staff": ["team", "salesperson"],
        "bonus": str(folder / "bonus.yaml"),
        "review": "2026-07",
        "out": str(folder / "runs"),
        "n_paths": 100,
        "replay": 1,
        "replay_by": "month",
    }


@pytest.fixture(scope="module")
def sales(given):
    return load_sales(**TrackRecordParams.read(given).sales())


@pytest.fixture(scope="module")
def review(given, sales):
    return reviewed(TrackRecordParams.read(given), sales)


def test_people_are_scored_with_their_teams_trend_and_bonuses(review):
    card = review.card.set_index(["level", "unit"])
    assert set(card.loc["group"].index) == {"北", "南"}
    assert set(card.loc["unit"].index) == {"北 / 安", "北 / 波", "南 / 陈"}
    assert card.loc[("all", ""), "target"] == 2700
    assert (card.loc["unit"]["of"] == 1).all()
    assert review.bonuses.total.tolist() == [300.0]
    assert "goal.without_sales" in {problem.code for problem in review.notices}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_shown_of_it(review, language):
    words = Words(language)
    units = review.card[review.card["level"] == "unit"]
    kept = int((units["gap"] >= 0).sum())
    said = {"en": f"{kept} of 3 reached", "zh": f"3 个单元中有 {kept} 个达成"}
    assert said[language] in card_answer(review.card, words)
    table = card_table(review.card, words, period=review.period).as_raw_html()
    assert "北 / 安" not in table, "the team is named once, above its people"
    team = words("card.team", name="北")
    places = [table.index(name) for name in (team, "\u2003安", "\u2003波", "\u2003陈")]
    assert places == sorted(places), "each team, then its people, the best adjusted first"
    assert words("card.team", name="北") in table
    assert "300" in bonuses_or_nothing(review.bonuses, words, period=review.period).as_raw_html()
    labels = [
        tick.get_text()
        for tick in card_chart(review.card, words, period=review.period).get_yticklabels()
    ]
    assert len(labels) == 3
    assert versions_or_nothing(review.versions, words).text == ""


def test_the_last_period_over_is_reviewed_and_a_running_one_is_refused(given, sales):
    free = TrackRecordParams.read({**given, "review": ""})
    assert review_period(free, sales).label == "2026Q2"
    running = TrackRecordParams.read({**given, "review": "2026Q3"})
    with pytest.raises(ParameterError, match="period of the scorecard is not over"):
        review_period(running, sales)


@pytest.mark.parametrize("targets", ["", "file"])
def test_without_targets_for_the_period_the_review_says_so(given, sales, targets):
    changes = {"review": "2026-05", "targets": given["targets"] if targets else ""}
    bare = reviewed(TrackRecordParams.read({**given, **changes}), sales)
    assert bare.card.empty
    words = Words("en")
    assert "No targets were given" in card_answer(bare.card, words)
    assert (
        card_table(bare.card, words, period=bare.period).text
        == bonuses_or_nothing(bare.bonuses, words, period=bare.period).text
        == ""
    )
    assert card_chart(bare.card, words, period=bare.period) is None


def test_the_record_of_replays_and_what_is_published(given, sales, review):
    params = TrackRecordParams.read(given)
    record = past_record(params, build_panel(sales.frame, sales.known, "CN"))
    assert record.cases["period"].unique().tolist() == ["2026-07"]
    assert set(record.cases["level"]) == {"", "team"}
    assert set(staged(record).cases["elapsed"]) == {0.0, 0.25, 0.5, 0.75}
    found = record_results(
        record, calibration_drift(record), review, {"by_unit": record.cases}, currency="CNY"
    )
    numbers = {(m.node, m.metric): m.value for m in found["metrics"]}
    assert numbers["", "record.outlooks"] == 12
    assert numbers["", "bonuses"] == 300.0
    assert ("北 / 安", "scorecard.percentile") in numbers
    assert set(found["tables"]) == {
        *("levels", "ranges", "cases", "by_unit", "drift", "scorecard", "bonuses"),
    }


def test_replays_that_the_history_is_too_short_for_are_told(given, sales):
    params = TrackRecordParams.read({**given, "replay": 12, "replay_by": "quarter"})
    panel = build_panel(sales.frame, sales.known, "CN")
    record = past_record(replace_params(params), panel.until(80))
    assert {problem.code for problem in record.notices} == {
        "record.nothing",
        "record.short_history",
    }


def replace_params(params: TrackRecordParams) -> TrackRecordParams:
    return params.model_copy(update={"n_paths": 100})


@pytest.fixture
def ahead() -> Outlook:
    rng = np.random.default_rng(2)
    totals = pd.DataFrame(rng.lognormal(3, 0.2, (100, 2)), columns=["a", "b"])
    return Outlook.from_totals(totals, period="2026Q4", as_of="2026-09-30")


def test_an_allocation_is_recorded_as_a_version_and_found_again(tmp_path, ahead):
    file = str(tmp_path / "targets.jsonl")
    params = TargetSettingParams.read({"save_targets_as": file, "set_by": "王芳", "target": 50})
    plan = allocate(50, ahead)
    said = save_plan(params, plan, ahead, Words("zh"))
    assert said.text.startswith("2026年四季度目标第 1 版已记录到")
    save_plan(params, plan, ahead, Words("zh"))
    assert [version.number for version in target_versions(file)] == [1, 2]
    held = targets_in_force(file, period="2026Q4", as_of="2026-09-30")
    assert held[""] == 50
    assert held["a"] + held["b"] == pytest.approx(50)
    later = TargetSettingParams.read({"targets": file})
    goal = chosen_goal(later, ahead)
    assert goal.asked == 50
    assert set(goal.given.index) == {"", "a", "b"}


def test_without_a_file_nothing_is_recorded_and_a_csv_is_refused(tmp_path, ahead):
    plan = allocate(50, ahead)
    said = save_plan(TargetSettingParams.read({}), plan, ahead, Words("en"))
    assert "These targets are not recorded." in said.text
    wrong = TargetSettingParams.read({"save_targets_as": str(tmp_path / "t.csv"), "set_by": "x"})
    with pytest.raises(ParameterError, match="is not one that keeps versions"):
        save_plan(wrong, plan, ahead, Words("en"))


def test_versions_are_scored_by_the_one_in_force_at_the_end(folder, given, sales, tmp_path):
    file = tmp_path / "v.jsonl"
    options = {"period": "2026-07", "by_whom": "王芳"}
    set_targets(file, {"北": 1900.0, "南": 900.0}, at="2026-06-20", **options)
    set_targets(file, {"北": 1700.0, "南": 900.0}, at="2026-07-10", **options)
    params = TrackRecordParams.read({**given, "targets": str(file), "staff": [], "bonus": ""})
    found = reviewed(params, sales)
    assert found.card.set_index("unit").loc["北", "target"] == 1700
    table = versions_or_nothing(found.versions, Words("zh")).as_raw_html()
    assert "王芳" in table
    assert "生效中" in table
    assert replace(found, versions=pd.DataFrame()).versions.empty


def test_the_staff_table_tells_who_left_and_which_role_is_paid(given, sales, tmp_path):
    staff = tmp_path / "staff.csv"
    staff.write_text(
        "salesperson,team,start,end,岗位\n安,北,2020-01-01,,店长\n"
        "波,北,2020-01-01,2026-07-10,\n陈,南,2020-01-01,,\n"
    )
    rules = tmp_path / "bonus.yaml"
    rules.write_text(RULES + "  店长:\n    amount: 900\n    steps: [{from: 0.5, pays: 1}]\n")
    changes = {"staff_file": str(staff), "bonus": str(rules)}
    review = reviewed(TrackRecordParams.read({**given, **changes}), sales)
    (left,) = [one for one in review.notices if one.code == "scorecard.left"]
    assert "波 (2026-07-10, 32%)" in left.text()
    roles = review.bonuses.table.set_index("unit")["role"].to_dict()
    assert sorted(roles.values()) == ["default", "default", "店长"]
