"""The benchmark of simulated campaigns runs, and its rules are those of the package."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def simulate(monkeypatch):
    """The command, imported as it is run."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("simulate")


def test_customer_by_customer_gives_the_same_distributions(simulate):
    pytest.importorskip("simpy", reason="SimPy is part of the extra bench")
    found = simulate.distribution(40, seed=0)
    assert len(found["p_values"]) == len(simulate.QUANTITIES)
    assert min(found["p_values"].values()) > 1e-4


def test_every_size_of_shop_is_timed(simulate):
    found = simulate.flat(seed=0, rounds=1)
    assert list(found["seconds"]) == ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"]
    assert found["plus_minus"] >= 0


def test_quantities_compared_are_in_the_ledger(simulate):
    ledger = simulate.small(50.0).simulate(n_paths=5).ledger
    assert set(simulate.QUANTITIES) <= set(ledger.names)
