"""A backtest kept in a file, and whether it still speaks of the same past.

Until another period is over, or past sales are restated, its cases are what they were: a daily
report reads them instead of forecasting the same periods again.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from workbench.calendar.period import Period
from workbench.errors import ForecastError, Problem
from workbench.panel.panel import Panel
from workbench.target.backtest import Backtest
from workbench.target.past_periods import past_periods

VERSION = 1
META = b"workbench-backtest"


def backtest_key(
    panel: Panel, period: str | Period, origins: int, options: Mapping[str, object]
) -> str:
    """A fingerprint of all that the backtest of these past periods rests on.

    Sales, plans and open days up to the end of the last period that is over, its name, and the
    ``options``.

    Raises:
        ForecastError: no period of this kind is over, with a history before it.
    """
    periods, _ = past_periods(panel, period, origins)
    end = periods[-1].end
    digest = hashlib.sha256()
    labels = [past.period.label for past in periods]
    said = [VERSION, panel.frequency, list(panel.units), labels, sorted(options.items())]
    digest.update(json.dumps(said, default=str, ensure_ascii=False).encode())
    digest.update(panel.dates[:end].to_numpy().astype("datetime64[ns]").tobytes())
    # To the cent: the sum of the same order lines may differ in its last binary digits.
    digest.update((np.round(panel.sales[:end], 2) + 0.0).tobytes())
    digest.update(np.ascontiguousarray(panel.open[:end]).tobytes())
    for name in sorted(panel.known):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(panel.known[name][:end]).tobytes())
    for name in sorted(panel.attributes):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(panel.attributes[name]).tobytes())
    return digest.hexdigest()


def save_backtest(past: Backtest, path: str | os.PathLike[str], key: str) -> None:
    """Keep the cases, the targets and the notices under their key; renamed into place.

    Raises:
        ForecastError: the folder cannot be written to.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {
        "version": VERSION,
        "key": key,
        "targets": list(past.targets),
        "notices": [[notice.code, dict(notice.facts)] for notice in past.notices],
    }
    table = pa.Table.from_pandas(past.cases, preserve_index=False)
    held = {**(table.schema.metadata or {}), META: json.dumps(about, ensure_ascii=False).encode()}
    target = Path(path)
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table.replace_schema_metadata(held), part)
        part.replace(target)
    except OSError as error:
        facts = {"path": str(target), "reason": error.strerror or type(error).__name__}
        raise ForecastError(Problem("forecast.engine_unwritten", facts)) from error


def load_backtest(path: str | os.PathLike[str], key: str) -> Backtest | None:
    """The backtest kept under this key; None where there is none, or it is of another past."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        about = json.loads((table.schema.metadata or {})[META])
        if about["version"] != VERSION or about["key"] != key:
            return None
        cases: pd.DataFrame = table.replace_schema_metadata(
            {name: text for name, text in table.schema.metadata.items() if name != META}
        ).to_pandas()
    except (OSError, KeyError, ValueError, TypeError, pa.ArrowException):
        return None
    notices = tuple(Problem(code, facts) for code, facts in about["notices"])
    return Backtest(cases, tuple(about["targets"]), notices)
