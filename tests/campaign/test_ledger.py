"""A ledger notices what does not add up."""

import numpy as np
import pandas as pd
import pytest

from workbench.campaign.files import KINDS
from workbench.campaign.ledger import Balance, Ledger, unbalanced
from workbench.campaign.quantity import quantities


def ledger(**cells):
    """Quantities of one unit and one path, given by day."""
    arrays = {name: np.array(days, dtype=float)[:, None, None] for name, days in cells.items()}
    n_days = len(next(iter(arrays.values())))
    return Ledger(pd.date_range("2026-11-01", periods=n_days), ("online",), arrays)


def codes(book, *balances):
    return [problem.code for problem in unbalanced(book, balances)]


def test_what_is_left_must_be_nothing():
    book = ledger(opens=[5, 1], completed_groups=[2, 3], failed_groups=[0, 1])
    good = Balance("groups", ("opens",), ("completed_groups", "failed_groups"), running=True)
    assert codes(book, good) == []
    assert codes(book, Balance("groups", ("opens",), ("completed_groups",))) == [
        "campaign.unbalanced"
    ]


def test_what_leaves_before_it_came_is_noticed_only_when_running():
    book = ledger(opens=[1, 5], completed_groups=[2, 4])
    assert codes(book, Balance("g", ("opens",), ("completed_groups",))) == []
    assert codes(book, Balance("g", ("opens",), ("completed_groups",), running=True)) == [
        "campaign.unbalanced"
    ]


def test_some_may_be_left_but_not_less_than_nothing():
    some = Balance("orders", ("forward_orders",), ("repaid_orders",), "some")
    assert codes(ledger(forward_orders=[5, 0], repaid_orders=[0, 3]), some) == []
    assert codes(ledger(forward_orders=[2, 0], repaid_orders=[0, 3]), some) != []


def test_a_stock_is_never_exceeded():
    book = ledger(reserved=[6, 2], released=[0, 5])
    assert codes(book, Balance("s", ("reserved",), ("released",), "some", limit=(8.0,))) == []
    assert codes(book, Balance("s", ("reserved",), ("released",), "some", limit=(5.0,))) != []


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_no_count_is_negative_or_missing(value):
    assert codes(ledger(opens=[1, value])) == ["campaign.negative_quantity"]
    assert codes(ledger(gross_margin=[-1.0])) == []


def test_days_are_chosen_by_date():
    book = ledger(paid=[1, 2, 4, 8])
    assert book.total("paid", days=book.days("2026-11-02", "2026-11-03")).tolist() == [6.0]
    assert book.total("paid", days=book.days("2026-12-01", None)).tolist() == [0.0]
    assert book.total("paid", days=book.days("2026-10-01", "2026-10-31")).tolist() == [0.0]
    assert book.total("refunded").tolist() == [0.0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_quantity_has_a_measure_and_names_in_both_languages(kind):
    for one in quantities(kind).values():
        assert one.measure
        assert one.label["en"] != one.label["zh"]
