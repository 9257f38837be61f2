"""The notebook of members: whom it counts, what it expects, what it never shows."""

import numpy as np
import pandas as pd
import pytest

from workbench.calendar.period import parse_period
from workbench.errors import DataError, ForecastError
from workbench.member.attainment import NEWCOMERS, UNNAMED, segment_attainment
from workbench.member.repurchase import learnt_error, past_error
from workbench.member.segments import Rules
from workbench.params.models import MembersParams
from workbench.report.figures.members import segments_chart
from workbench.report.members_prose import list_answer, members_answer, offer_answer
from workbench.report.tables.members import (
    ahead_table,
    attainment_table,
    check_table,
    segments_table,
)
from workbench.report.words import Words
from workbench.run.membership import (
    _since,
    best_part,
    high_count,
    know_members,
    member_results,
    segment_offer,
    write_members,
)

AS_OF = pd.Timestamp("2026-08-20")


def orders(n=400, seed=0):
    """Lines of members who come at random from June 2024 on, a tenth of them without a number."""
    rng = np.random.default_rng(seed)
    rows = []
    for member in range(n):
        day = float(rng.integers(0, 780))
        rate, leave = rng.gamma(2.0) / 60, rng.beta(1.5, 4.0)
        while day < 810:
            rows.append((f"M{member:04d}", int(day), round(float(rng.gamma(5.0) * 20), 2)))
            if rng.random() < leave:
                break
            day += rng.exponential(1 / rate) + 1
    table = pd.DataFrame(rows, columns=["会员编号", "day", "实付金额"])
    table["付款时间"] = pd.Timestamp("2024-06-01") + pd.to_timedelta(table["day"], unit="D")
    table.loc[::10, "会员编号"] = None
    table["订单号"] = [f"E{at}" for at in range(len(table))]
    return table.drop(columns="day")


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("members")
    orders().to_csv(folder / "orders.csv", index=False)
    return MembersParams.read(
        {
            "source": str(folder / "orders.csv"),
            "target": 60000,
            "n_paths": 200,
            "member_list": str(folder / "out" / "best.csv"),
            "high_value": 0.1,
            "offer_to": "sleeping",
        }
    )


@pytest.fixture(scope="module")
def known(given):
    return know_members(given, parse_period("2026Q3"), as_of=AS_OF)


def test_everybody_is_in_one_segment_and_every_sale_in_one_row(given, known):
    assert known.table["members"].sum() == len(known.purchases)
    rows = known.rows
    inside = rows[(rows["date"] >= "2026-07-01") & (rows["date"] <= AS_OF)]
    assert known.attainment["actual"].sum() == pytest.approx(inside["amount"].sum())
    assert known.attainment["target"].sum() == pytest.approx(60000)
    assert set(known.attainment.index[-2:]) == {NEWCOMERS, UNNAMED}
    assert {notice.code for notice in known.notices} >= {"member.unnamed"}


def test_the_eve_of_the_period_knows_nothing_of_it(known):
    changed = known.rows.copy()
    late = changed["date"] >= "2026-07-01"
    changed.loc[late, "amount"] *= 7
    options = {"start": "2026-07-01", "end": "2026-09-30", "as_of": AS_OF, "rules": Rules()}
    one, other = (segment_attainment(rows, **options) for rows in (known.rows, changed))
    pd.testing.assert_series_equal(one["expected"], other["expected"])
    assert other["actual"].sum() == pytest.approx(7 * one["actual"].sum())


def test_segments_are_held_against_what_such_forecasts_were_off_before(known):
    eve = pd.Timestamp("2026-06-30")
    options = {"from_first": known.buying.from_first, "since": _since(known.rows, AS_OF)}
    before = known.rows[known.rows["date"] <= eve]
    shift, _ = learnt_error(past_error(before, as_of=eve, weeks=92 / 7, **options))
    assert known.moved == pytest.approx(np.expm1(shift))
    assert abs(known.moved) > 0.005
    days = {"start": "2026-07-01", "end": "2026-09-30", "as_of": AS_OF, "rules": Rules(90, 3, 0.1)}
    plain = segment_attainment(known.rows, **days, target=60000, **options)
    members = ~plain.index.isin([NEWCOMERS, UNNAMED])
    for name in ("expected", "expected_to_date"):
        moved = known.attainment[name] / plain[name]
        assert moved[members].to_numpy() == pytest.approx(1 + known.moved)
        assert moved[~members].to_numpy() == pytest.approx(1)
    assert known.attainment["target"].sum() == pytest.approx(60000)
    period = parse_period("2026Q3")
    for language, said in (("en", "had been off by the eve"), ("zh", "会员的预期已调整")):
        words = Words(language, "CNY")
        page = attainment_table(known.attainment, words, period=period, moved=known.moved)
        assert said in page.as_raw_html()
        assert said not in attainment_table(known.attainment, words, period=period).as_raw_html()


def test_the_best_are_listed_in_their_own_file_alone(given, known, tmp_path):
    path = write_members(given, known)
    listed = pd.read_csv(path)
    assert len(listed) == high_count(given, known)
    assert listed["spent"].is_monotonic_decreasing
    assert (listed["alive"] <= 1).all()
    names = set(listed["customer_id"])
    results = member_results(known, segment_offer(given, known, name="沉睡会员"), currency="CNY")
    for table in results["tables"].values():
        assert not names & {*map(str, table.to_numpy().ravel()), *map(str, table.index)}
    assert write_members(given.model_copy(update={"member_list": ""}), known) is None
    (tmp_path / "file").write_text("")
    blocked = given.model_copy(update={"member_list": str(tmp_path / "file" / "x.csv")})
    with pytest.raises(DataError, match="could not be written") as caught:
        write_members(blocked, known)
    assert caught.value.problems[0].code == "member.unwritten"


def test_an_offer_to_a_segment_starts_from_what_is_expected_of_it(given, known):
    (offer,) = segment_offer(given, known, name="沉睡会员")
    assert offer.campaign == "沉睡会员"
    assert 0 < offer.outcome("usual_orders").mean() < offer.outcome("orders").mean()
    assert segment_offer(given.model_copy(update={"offer": 0.0}), known, name="x") == ()


def test_with_too_short_a_history_the_forecast_is_said_to_be_untested(given):
    rows = orders(n=900)
    rows = rows[rows["付款时间"] >= "2026-06-20"]
    rows.to_csv(given.source.replace("orders.csv", "short.csv"), index=False)
    short = given.model_copy(update={"source": given.source.replace("orders.csv", "short.csv")})
    with pytest.raises(ForecastError, match="do not settle"):
        know_members(short, parse_period("2026Q3"), as_of=AS_OF)
    later = short.model_copy(update={"source": given.source})
    found = know_members(later, parse_period("2028Q1"), as_of=AS_OF)
    assert "member.untested" in {notice.code for notice in found.notices}


@pytest.mark.parametrize(("language", "word"), [("en", "Champions"), ("zh", "核心会员")])
def test_tables_figure_and_sentences_in_both_languages(given, known, language, word):
    words = Words(language, "CNY")
    shown = [
        segments_table(known.table, known.ahead, words, as_of=AS_OF).as_raw_html(),
        ahead_table(known.ahead, words, end=known.until).as_raw_html(),
        attainment_table(known.attainment, words, period=known.period).as_raw_html(),
    ]
    assert all(word in one for one in shown)
    assert check_table(known.errors.head(0), words) is None
    assert check_table(known.errors, words) is not None
    ax = segments_chart(known.table, known.ahead, words)
    assert word in [label.get_text() for label in ax.get_yticklabels()]
    part = best_part(known, given)
    answer = members_answer(
        known.purchases, known.table, known.ahead, words, end=known.until, share=0.1, part=part
    )
    assert f"{part:.0%}" in answer.replace(" ", "")
    offer = segment_offer(given, known, name="<i>")
    said = offer_answer(offer, words, share=0.1)
    assert "<i>" not in said
    assert offer_answer((), words, share=0.1) != said
    assert "best.csv" in list_answer(write_members(given, known), words, count=3, shown="best.csv")
    assert "member_list" in list_answer(None, words, count=0, shown="")
