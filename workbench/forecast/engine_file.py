"""An engine in a file: numbers and a header, nothing that could run.

A zip of plain arrays (``.npz`` without pickles) and a JSON header that names the format and its
version. Weights and errors are not kept: they follow from what was said at the origins.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import ForecastError, Problem
from workbench.forecast.drivers import Drivers
from workbench.forecast.engine import Engine
from workbench.forecast.fit import weigh
from workbench.forecast.replay import Origin

Arrays = Mapping[str, NDArray[Any]]

FORMAT, VERSION = "workbench-engine", 2
ORIGIN = ("forecasts", "actual", "covered", "exposure", "typical", "unseen")
DRIVERS = ("coefficients", "shared", "plans", "usual", "scale", "base", "typical", "season")


def save_engine(engine: Engine, path: str | os.PathLike[str]) -> None:
    """Keep what an engine has learnt in a file, for the next run to start from.

    The file is written beside and renamed: a run that is cut off leaves the old one whole.

    Raises:
        ForecastError: the folder cannot be written to.
    """
    target = Path(path)
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            arrays: dict[str, Any] = {"header": np.array(json.dumps(_header(engine)))}
            np.savez_compressed(file, **arrays, **_out(engine))
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        facts = {"path": str(target), "reason": error.strerror or type(error).__name__}
        raise ForecastError(Problem("forecast.engine_unwritten", facts)) from error


def load_engine(path: str | os.PathLike[str]) -> Engine:
    """The engine that ``save_engine`` kept.

    Raises:
        ForecastError: no such file, not an engine, damaged, or of another version.
    """
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        header = json.loads(str(arrays.pop("header")))
        if header["format"] != FORMAT:
            raise ValueError(FORMAT)
    except FileNotFoundError:
        raise ForecastError(Problem("forecast.engine_missing", {"path": str(path)})) from None
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        facts = {"path": str(path), "reason": type(error).__name__}
        raise ForecastError(Problem("forecast.engine_damaged", facts)) from error
    if header["version"] != VERSION:
        facts = {"path": str(path), "version": str(header["version"]), "ours": str(VERSION)}
        raise ForecastError(Problem("forecast.engine_version", facts))
    try:
        return _in(header, arrays)
    except (KeyError, ValueError, IndexError, TypeError) as error:
        facts = {"path": str(path), "reason": type(error).__name__}
        raise ForecastError(Problem("forecast.engine_damaged", facts)) from error


def _header(engine: Engine) -> dict[str, Any]:
    fit = engine.fit
    return {
        "format": FORMAT,
        "version": VERSION,
        "units": list(engine.units),
        "frequency": engine.frequency,
        "as_of": engine.as_of.isoformat(),
        "first": engine.first.isoformat(),
        "learnt": engine.learnt.isoformat(),
        "plan_columns": list(engine.plan_columns),
        "names": list(fit.names),
        "cutoffs": [int(origin.cutoff) for origin in fit.origins],
        "cutoff": int(fit.now.cutoff),
        "drivers": list(engine.drivers.names),
        "notices": [[notice.code, dict(notice.facts)] for notice in engine.notices],
    }


def _out(engine: Engine) -> dict[str, Any]:
    fit = engine.fit
    out = {
        "dates": _days(engine.dates),
        "past_dates": _days(pd.DatetimeIndex(engine.past.index)),
        "past": engine.past.to_numpy(),
        "shape": engine.shape,
        "spread": engine.spread,
    }
    out |= {f"now_{name}": getattr(fit.now, name) for name in ORIGIN}
    if fit.origins:
        said = {name: [getattr(one, name) for one in fit.origins] for name in ORIGIN}
        out |= {f"origins_{name}": np.stack(parts) for name, parts in said.items()}
    return out | {f"drivers_{name}": getattr(engine.drivers, name) for name in DRIVERS}


def _in(header: Mapping[str, Any], arrays: Arrays) -> Engine:
    names, units = tuple(header["names"]), tuple(header["units"])
    dates = pd.DatetimeIndex(arrays["dates"].astype("datetime64[ns]"))
    origins = [
        Origin(cutoff, *(arrays[f"origins_{name}"][at] for name in ORIGIN))
        for at, cutoff in enumerate(header["cutoffs"])
    ]
    now = Origin(header["cutoff"], *(arrays[f"now_{name}"] for name in ORIGIN))
    if any(one.exposure.shape != (len(dates), len(units)) for one in (*origins, now)):
        raise ValueError("shape")
    past_dates = pd.DatetimeIndex(arrays["past_dates"].astype("datetime64[ns]"))
    said = [(names, origin) for origin in origins]
    return Engine(
        units=units,
        frequency=header["frequency"],
        as_of=pd.Timestamp(header["as_of"]),
        dates=dates,
        first=pd.Timestamp(header["first"]),
        learnt=pd.Timestamp(header["learnt"]),
        past=pd.DataFrame(arrays["past"], index=past_dates, columns=list(units)),
        plan_columns=tuple(header["plan_columns"]),
        fit=weigh(said, (names, now), len(dates), header["frequency"]),
        drivers=Drivers(tuple(header["drivers"]), *(arrays[f"drivers_{name}"] for name in DRIVERS)),
        shape=arrays["shape"],
        spread=arrays["spread"],
        notices=tuple(Problem(code, facts) for code, facts in header["notices"]),
    )


def _days(dates: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Nanoseconds since 1970, whatever the index' own resolution."""
    return np.asarray(dates.to_numpy().astype("datetime64[ns]").astype(np.int64))
