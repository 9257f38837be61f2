"""Small tables, and what a panel said about them."""

from collections.abc import Callable

import pandas as pd
import pytest

from workbench.errors import DataError, Problem
from workbench.panel.build import build_panel
from workbench.panel.panel import Panel

Table = Callable[..., pd.DataFrame]
Said = Callable[[Panel, str], Problem]
Refused = Callable[..., Problem]


@pytest.fixture
def rows() -> Table:
    """One unit's rows from a date on."""

    def make(
        sales: object = (10.0, 20.0, 30.0),
        *,
        unit: object = "mall",
        start: str = "2026-01-05",
        freq: str = "D",
        **columns: object,
    ) -> pd.DataFrame:
        dates = pd.date_range(start, periods=len(sales), freq=freq)  # type: ignore[arg-type]
        return pd.DataFrame({"unit": unit, "date": dates, "sales": sales, **columns})

    return make


@pytest.fixture
def said() -> Said:
    """The one notice of a panel with this code, complete in both languages."""

    def find(panel: Panel, code: str) -> Problem:
        (found,) = [each for each in panel.notices if each.code == f"panel.{code}"]
        assert "发现" in found.text("zh")
        assert "What to do" in found.text("en")
        return found

    return find


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """The one problem with this code for which no panel was built; nothing was printed."""

    def find(code: str, *tables: object) -> Problem:
        with pytest.raises(DataError) as caught:
            build_panel(*tables, calendar=None)  # type: ignore[arg-type]
        (found,) = [each for each in caught.value.problems if each.code == f"panel.{code}"]
        assert capsys.readouterr().out == ""
        return found

    return find
