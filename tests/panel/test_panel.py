"""Parts of a panel."""

import numpy as np
import pandas as pd
import pytest

from workbench.errors import DataError
from workbench.panel.build import build_panel


@pytest.fixture
def panel(rows):
    frame = pd.concat([rows(promo=[0, 1, 0]), rows([7.0, 8.0, 9.0], unit="app", promo=1)])
    plans = pd.concat(
        [rows([0, 0], unit=unit, start="2026-01-08", promo=1) for unit in ("mall", "app")]
    )
    return build_panel(frame, plans, calendar=None)


def test_as_it_was_known_earlier(panel):
    past = panel.until(2)
    assert past.as_of == pd.Timestamp("2026-01-06")
    assert past.sales.tolist() == [[10, 7], [20, 8]]
    assert past.span.equals(panel.span)
    np.testing.assert_array_equal(past.known["promo"], panel.known["promo"])


def test_some_units_in_the_order_asked_for(panel):
    turned = panel.only(["app", "mall"])
    assert turned.frame()["app"].tolist() == [7, 8, 9]
    assert turned.known["promo"][:, 0].tolist() == [1, 1, 1, 1, 1]
    assert panel.only(["app"]).open.shape == (5, 1)


def test_a_unit_that_is_not_there(panel):
    with pytest.raises(DataError, match="panel lacks") as caught:
        panel.only(["mall", "kiosk"])
    assert "kiosk; the panel has mall, app" in str(caught.value)
    assert "没有所要的单元" in caught.value.text("zh")
