"""What single promoters bring, in a report: heavy-tailed, in both languages."""

from dataclasses import replace

import numpy as np
import pytest

import workbench as wb
from workbench.campaign.drive_notices import share_of_best
from workbench.campaign.promoters import best_of_all, best_share
from workbench.report.tables.promoters import promoter_tables
from workbench.report.words import Words

DAYS = {"start": "2026-11-01", "end": "2026-11-14", "units": "a"}


@pytest.fixture(scope="module")
def drive():
    return wb.DistributionDrive(
        name="<script>老客", price=200, customers=5_000, employees=100, audience=100_000,
        best_fifth=0.663, **DAYS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def result(drive):
    return drive.simulate(n_paths=50)


def test_the_best_by_hand():
    # geometric with mean 1: half have none, a quarter one, an eighth two, …; 12.5 % have 3 or more,
    # so that the best 12.5 % have 1/8 (3 + 1) = 0.5 of the mean 1
    assert best_share(0.125, 1.0, 1.0) == pytest.approx(0.5, abs=1e-9)
    # two kinds alike are one kind
    both = best_of_all(0.1, (3.0, 5.0), (2.0, 2.0), 0.4)
    assert both == pytest.approx(best_share(0.1, 2.0, 0.4))
    assert np.isnan(best_of_all(0.1, (3.0,), (0.0,), 0.4))


def test_the_best_of_simulated_promoters_have_that_share():
    rng = np.random.default_rng(5)
    orders = np.sort(rng.poisson(2.0 * rng.gamma(0.5, 2.0, size=400_000)))[::-1]
    seen = orders[:40_000].sum() / orders.sum()
    assert best_share(0.1, 2.0, 0.5) == pytest.approx(seen, abs=0.003)


def test_the_table_in_both_languages(drive, result):
    best = share_of_best(drive, result)
    rows = drive.per_promoter(result)
    assert rows["best_tenth"].between(0.2, 1.0).all()
    assert (rows["best_tenth"] < rows["best_fifth"]).all()
    ads = wb.FollowerAds(name="ads", daily_budget=100, order_value=50, **DAYS)
    pair = ([drive, ads], [result, ads.simulate(n_paths=50)])
    for language, words in (
        ("en", ("the best 10 % of all promoters bring", "old customers", "Without any")),
        ("zh", ("前 10% 贡献", "老客", "未出单占比")),
    ):
        told = Words(language, "CNY")
        shown = promoter_tables(*pair, told)
        assert shown.count("<table") == 1
        assert "<script>" not in shown
        assert told.percent(best) in shown
        for word in words:
            assert word in shown
    assert promoter_tables([ads], pair[1][1:], Words("en")) == ""


def test_who_meets_the_task_has_a_column_where_there_is_one():
    drive = wb.DistributionDrive(
        name="d", start="2026-11-01", end="2026-11-07", price=100, audience=20_000,
        customers=900, employees=40, task={"employee": [(10, 2)]},
    )  # fmt: skip
    result = drive.simulate(n_paths=40)
    shown = promoter_tables([drive], [result], Words("zh"))
    assert "完成任务" in shown
    met = drive.per_promoter(result).set_index("promoters")["met"]
    assert met.notna().tolist() == [kind == "employee" for kind in met.index]
    none = replace(drive, task=None)
    assert "完成任务" not in promoter_tables([none], [none.simulate(n_paths=40)], Words("zh"))
