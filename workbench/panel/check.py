"""What must be true of a long table before it becomes a panel."""

import numpy as np
import pandas as pd

from workbench.errors import DataError, Problem

REQUIRED = ("unit", "date", "sales")


def check_frame(
    frame: pd.DataFrame, known: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The two tables with whole days for dates and text for units.

    Raises:
        DataError: every problem found in either table.
    """
    missing = [column for column in REQUIRED if column not in frame.columns]
    if missing:
        raise DataError(
            Problem(
                "panel.missing_columns",
                {"missing": ", ".join(missing), "columns": ", ".join(map(str, frame.columns))},
            )
        )
    if frame.empty:
        raise DataError(Problem("panel.empty"))
    frame = _keyed(frame, "frame")
    problems = _sales_problems(frame) + _repeated(frame)
    if known is not None:
        absent = [column for column in REQUIRED[:2] if column not in known.columns]
        if absent:
            raise DataError(
                Problem(
                    "panel.missing_columns",
                    {"missing": ", ".join(absent), "columns": ", ".join(map(str, known.columns))},
                )
            )
        known = _keyed(known.drop(columns="sales", errors="ignore"), "known")
        known = known[known["date"] > frame["date"].max()]
        problems += _repeated(known)
    if problems:
        raise DataError(*problems)
    return frame, known


def _keyed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    dates = pd.to_datetime(frame["date"], errors="coerce")
    if dates.isna().any():
        bad = frame.loc[dates.isna(), "date"]
        raise DataError(
            Problem(
                "panel.dates",
                {"table": name, "count": len(bad), "values": ", ".join(map(str, bad.head(3)))},
            )
        )
    if dates.dt.tz is not None:
        dates = dates.dt.tz_localize(None)
    return frame.assign(date=dates.dt.normalize(), unit=frame["unit"].astype(str))


def _sales_problems(frame: pd.DataFrame) -> list[Problem]:
    numbers = pd.to_numeric(frame["sales"], errors="coerce")
    text = frame[numbers.isna() & frame["sales"].notna()]
    infinite = frame[np.isinf(numbers.to_numpy(dtype=float, na_value=np.nan))]
    return [
        Problem(code, {"count": len(rows), "rows": _shown(rows)})
        for code, rows in (("panel.sales_text", text), ("panel.sales_infinite", infinite))
        if len(rows)
    ]


def _repeated(frame: pd.DataFrame) -> list[Problem]:
    again = frame[frame.duplicated(["unit", "date"])]
    if again.empty:
        return []
    return [Problem("panel.repeated", {"count": len(again), "rows": _shown(again)})]


def _shown(rows: pd.DataFrame) -> str:
    columns = [c for c in ("unit", "date", "sales") if c in rows.columns]
    return "; ".join(
        " ".join(
            f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value) for value in row
        )
        for row in rows[columns].head(3).itertuples(index=False)
    )
