"""The benchmark of repurchase: skipped without the data, beside the published figures with them."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    """The benchmark, imported as its command imports it."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("members")


def test_without_the_data_it_says_so(bench, tmp_path):
    assert set(bench.measure(tmp_path)) == {"skipped"}


def test_what_is_found_stands_beside_what_was_published(bench, shared_data):
    found = bench.measure(shared_data / "cdnow")
    for model, names in bench.PUBLISHED.items():
        for name, value in names.items():
            assert found[model][name]["published"] == value
            assert found[model][name]["found"] == pytest.approx(value, rel=2e-3)
    later = found["weeks_40_to_78"]
    assert later["actual"] == 1882
    assert sum(row["members"] for row in later["by_repeats"]) == found["members"] == 2357
    assert later["example"]["found"] == pytest.approx(later["example"]["published"], abs=0.002)
