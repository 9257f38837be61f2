"""The benchmark of simulated campaigns runs, and its rules are those of the package."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
CASES = (
    "group_buy",
    "follower_ads",
    "distribution_drive",
    "discount_timed",
    "discount_flash",
    "discount_threshold",
    "discount_coupon",
    "discount_member",
)


@pytest.fixture
def imported(monkeypatch):
    """A module of the benchmarks, imported as it is when a command is run."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.mark.parametrize("name", CASES)
def test_customer_by_customer_gives_the_same_distributions(imported, name):
    pytest.importorskip("simpy", reason="SimPy is part of the extra bench")
    customers = imported("customers")
    case = customers.CASES[name]
    paths = [case.peer(case.small, case.days, customers.N_DAYS, at).play() for at in range(30)]
    ours = case.small.simulate(n_paths=200, seed=0)
    found = customers.compared(paths, ours)
    assert set(found["p_values"]) == set(ours.ledger.names)
    assert min(found["p_values"].values()) > 1e-4


def test_every_kind_of_campaign_has_a_peer(imported):
    assert tuple(imported("customers").CASES) == CASES


def test_a_quantity_that_the_ledger_lacks_is_told(imported):
    ours = imported("one_by_one").small_buy(50.0).simulate(n_paths=5)
    with pytest.raises(ValueError, match="not in the ledger: voucher"):
        imported("customers").compared([{"voucher": 1}], ours)


def test_a_quantity_that_nobody_played_fails(imported):
    ours = imported("one_by_one").small_buy(50.0).simulate(n_paths=200)
    none = dict.fromkeys(ours.ledger.names, 0.0)
    assert "sales" in imported("customers").compared([none] * 200, ours)["failed"]


def test_every_size_of_shop_is_timed(imported):
    found = imported("simulate").flat(seed=0, rounds=1)
    assert list(found["seconds"]) == ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"]
    assert found["plus_minus"] >= 0
