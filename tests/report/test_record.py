"""Figures, tables and sentences of the track record and the scorecard, in both languages."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from workbench.calendar.period import Period
from workbench.report.figures.record import course_chart, pit_chart, reliability_chart
from workbench.report.figures.scorecard import scorecard_chart
from workbench.report.record_prose import (
    brier_answer,
    drift_answer,
    record_answer,
    scorecard_answer,
)
from workbench.report.tables.record import levels_table, ranges_table, scores_table
from workbench.report.tables.scorecard import bonus_table, scorecard_table
from workbench.report.words import Words
from workbench.target.bonus import Payouts
from workbench.target.drift import KINDS, Drift
from workbench.target.record import TrackRecord
from workbench.target.record_scores import scores

QUARTER = Period("2026Q2", dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def make_record(periods: int, *, spread: float = 1.0, made: str = "live") -> TrackRecord:
    """Two units and their sum, forecast around 100 with a spread of 10, once a quarter."""
    rng = np.random.default_rng(periods)
    quarters = pd.period_range("2022Q1", periods=periods, freq="Q").repeat(3)
    n = len(quarters)
    quantiles = np.tile(np.linspace(75, 125, 99), (n, 1))
    outcome = 100 + spread * rng.normal(0, 12, n)
    events = pd.DataFrame(
        {
            "case": np.arange(n),
            "event": "last_year_plus_0",
            "amount": 95.0,
            "probability": 0.6,
            "reached": outcome >= 95,
            "group": np.arange(n) // 3,
        }
    )
    cases = pd.DataFrame(
        {
            "unit": ["", "<b>x</b>", "$门店$"] * periods,
            "level": ["", "channel", "channel"] * periods,
            "period": quarters.astype(str),
            "start": quarters.start_time,
            "end": quarters.end_time.normalize(),
            "as_of": quarters.start_time,
            "elapsed": 0.0,
            "made": made,
            "rule": 100.0 + 20,
            "outcome": outcome,
            "median": 100.0,
            "crps": 5.0,
            "pit": np.clip((outcome - 75) / 50, 0.005, 0.995),
            "group": np.arange(n) // 3,
        }
    )
    return TrackRecord(cases, quantiles, events, waiting=3)


def plain(text: str) -> str:
    """Text with ordinary spaces."""
    return text.replace("\xa0", " ")


@pytest.fixture(params=["zh", "en"])
def words(request) -> Words:
    return Words(request.param)


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


@pytest.mark.parametrize("chart", [reliability_chart, pit_chart, course_chart])
@pytest.mark.parametrize("periods", [0, 1, 9])
def test_figures_have_titles_and_axes_even_with_nothing_to_show(chart, periods, words):
    ax = chart(make_record(periods), words)
    assert ax.get_title(loc="left")
    assert ax.get_xlim()[1] > ax.get_xlim()[0]
    shown = [text.get_text() for text in ax.texts]
    assert (words("figure.nothing") in shown) == (periods == 0)


def test_reliability_is_drawn_where_it_was(words):
    record = make_record(9)
    line = reliability_chart(record, words).get_lines()[1]
    assert line.get_ydata().tolist() == record.levels()["frequency"].tolist()
    bars = pit_chart(record, words).patches[:10]
    assert sum(bar.get_height() for bar in bars) == 27


def test_tables_say_how_often_and_what_chance_allows(words):
    record = make_record(9)
    shown = levels_table(record, words).as_raw_html()
    commit = record.reached(0.8)
    assert f">{commit.happened}<" in shown
    assert f"±{100 * commit.margin:.0f}" in shown
    assert words("verdict_held.holds") in ranges_table(record, words).as_raw_html()
    few = levels_table(make_record(1), words).as_raw_html()
    assert words("verdict_held.too_few") in few
    by_unit = scores_table(scores(record, by=["unit"]), words, by="unit").as_raw_html()
    assert "&lt;b&gt;x" in by_unit
    assert "<b>x</b>" not in by_unit
    made = scores_table(scores(record, by=["made"]), words, by="made").as_raw_html()
    assert words("made.live") in made
    elapsed = scores_table(scores(record, by=["elapsed"]), words, by="elapsed").as_raw_html()
    assert words("scores.start") in elapsed


def test_tables_of_nothing_say_so(words):
    empty = make_record(0)
    for table in (
        levels_table(empty, words),
        scores_table(scores(empty, by=["unit"]), words, by="unit"),
    ):
        assert words("record.nothing") in table.as_raw_html()


def test_sentences_of_a_record(words):
    record = make_record(9, made="replayed")
    said = record_answer(record, scores(record), words)
    commit = record.reached(0.8)
    assert str(commit.happened) in said
    assert "27" in said
    assert words("record.holds") in said
    assert words("record.replay_note") in said
    assert words("record.waiting", count="3") in said
    few = record_answer(make_record(2), scores(make_record(2)), words)
    assert words("record.holds") not in few
    assert words("record.replay_note") not in few
    empty = make_record(0)
    assert words("record.nothing") in record_answer(empty, scores(empty), words)
    assert words("record.nothing") in brier_answer(empty, words)
    assert f"{record.brier().score:.3f}" in brier_answer(record, words)


def test_a_record_that_does_not_hold_is_told(words):
    record = make_record(12, spread=3.0)
    assert words("record.too_seldom") in record_answer(record, scores(record), words)
    sure = make_record(40, spread=0.1)
    assert words("record.too_often") in record_answer(sure, scores(sure), words)
    no_rule = make_record(9)
    blank = scores(no_rule.where(no_rule.cases["unit"] != "?")).assign(rule=np.nan)
    off = words("record.no_rule", ours=words.percent(blank["wape"][0], digits=1))
    assert plain(off) in plain(record_answer(no_rule, blank, words))
    worse = scores(no_rule).assign(better=-0.25)
    assert plain(words.percent(0.25)) in plain(record_answer(no_rule, worse, words))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_drift_in_words(kind, words):
    day = pd.Timestamp("2026-01-01")
    drift = Drift(kind, day, day, 4, 0.71, 0.2, 99.0, 80.0)
    said = drift_answer([drift], make_record(9), words, false_alarms=0.05)
    assert plain(words.percent(0.71)) in plain(said)
    assert words.date(day.date()) in said
    assert "20" in said
    none = drift_answer((), make_record(9), words, false_alarms=0.05)
    assert "9" in none
    empty = drift_answer((), make_record(0), words, false_alarms=0.05)
    assert words("record.nothing") in empty


def card(units: int = 3, *, gap: float = -10.0) -> pd.DataFrame:
    names = [f"n{at:02d}" for at in range(units)]
    numbers = {
        "target": 100.0,
        "actual": 90.0,
        "result": 90.0,
        "reached": 0.0,
        "likely": 0.4,
        "gap": gap,
        "gap_share": 1 / units,
        "previous": 0.8,
        "change": 0.1,
        "kept": 1,
        "of": 2,
    }
    unit = pd.DataFrame({"level": "unit", "unit": names, "group": "g", **numbers})
    ranks = np.arange(1.0, units + 1)
    unit = unit.assign(
        attainment=0.9 + 0.01 * ranks,
        percentile=1 / ranks,
        adjusted=1.2 / ranks,
        rank=ranks[::-1],
        adjusted_rank=ranks,
    )
    team = unit.iloc[[0]].assign(level="group", unit="g", rank=1.0, adjusted_rank=1.0)
    whole = team.assign(level="all", unit="", group="", gap=gap * units)
    spare = whole.assign(level="open", percentile=np.nan, adjusted=np.nan, attainment=np.nan)
    return pd.concat([whole, team, unit, spare], ignore_index=True)


def test_the_scorecard_in_tables_and_words(words):
    shown = scorecard_table(card(), words, period=QUARTER).as_raw_html()
    assert words("card.open") in shown
    assert words("card.team", name="g") in shown
    assert words("card.kept_of", kept=1, of=2) in shown
    assert shown.index("n00") < shown.index("n02")
    apart = card().assign(unit=lambda rows: ["", "g", *("g / " + rows["unit"].iloc[2:-1]), ""])
    assert "g / n00" not in scorecard_table(apart, words, period=QUARTER).as_raw_html()
    running = scorecard_table(
        card(), words, period=QUARTER, over=False, as_of=pd.Timestamp("2026-05-05")
    )
    assert words("card.expected") in running.as_raw_html()
    said = scorecard_answer(card(), words)
    assert "n02" in said
    assert "n00" in said
    assert words.money(30) in said
    assert words.money(15) in scorecard_answer(card(gap=5.0), words)
    same = card().assign(percentile=lambda rows: rows["attainment"])
    assert plain(words.percent(0.93, digits=1)) in plain(scorecard_answer(same, words))


def test_the_scorecard_drawn_with_many_units_and_none(words):
    ax = scorecard_chart(card(40), words, period=QUARTER, limit=10)
    assert len(ax.get_yticklabels()) == 10
    assert any("30" in text.get_text() for text in ax.texts)
    none = scorecard_chart(card().iloc[:2], words, period=QUARTER)
    assert words("figure.nothing") in [text.get_text() for text in none.texts]


@pytest.mark.parametrize("certain", [True, False])
def test_bonuses_have_a_range_while_the_period_runs(certain, words):
    row = {"unit": "安", "group": "", "role": "店长", "measured": 0.9, "multiple": 0.5}
    table = pd.DataFrame([row | {"mean": 500.0, "p10": 100.0, "p50": 450.0, "p90": 900.0}])
    paid = Payouts(table, np.array([100.0, 500.0, 900.0]), certain=certain)
    shown = bonus_table(paid, words, period=QUARTER).as_raw_html()
    assert (words("bonus.low") in shown) == (not certain)
    assert ("900" in shown) == (not certain)
