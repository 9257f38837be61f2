"""The history of runs: the folder tree, read by one query."""

import warnings
from pathlib import Path

import pandas as pd

from workbench.errors import Problem, WorkbenchWarning
from workbench.report.publish import RESULTS, SCHEMA_VERSION

SHOWN = 5
TEXTS = ("report", "run_id", "as_of", "period", "currency", "finished_at", "git_commit")
QUERY = f"""
WITH files AS (
    SELECT filename, TRY(decode(content)) AS content FROM read_blob($files)
), checked AS (
    SELECT filename, coalesce(TRY(json_type(content)) = 'OBJECT', false) AS valid,
        CASE WHEN valid THEN content ELSE '{{}}' END AS content
    FROM files
), runs AS (
    SELECT filename, valid,
        {", ".join(f"json_extract_string(content, '$.{name}') AS {name}" for name in TEXTS)},
        TRY_CAST(json_extract_string(content, '$.schema_version') AS INTEGER) AS schema_version,
        json_extract_string(content, '$.data.sha256') AS data_hash,
        json_extract(content, '$.params') AS params,
        coalesce(json_array_length(content, '$.notices'), 0) AS notices,
        CASE WHEN json_array_length(content, '$.metrics') > 0
            THEN json_extract(content, '$.metrics[*]') ELSE [NULL] END AS metrics
    FROM checked
), flat AS (SELECT * EXCLUDE (metrics), unnest(metrics) AS entry FROM runs)
SELECT * EXCLUDE (entry),
    json_extract_string(entry, '$.node') AS node,
    json_extract_string(entry, '$.metric') AS metric,
    TRY_CAST(json_extract_string(entry, '$.value') AS DOUBLE) AS value,
    json_extract_string(entry, '$.unit') AS unit
FROM flat ORDER BY finished_at NULLS FIRST, run_id, filename
"""
RUN_COLUMNS = (
    "schema_version",
    *TEXTS,
    "data_hash",
    "params",
    "notices",
    "folder",
)
METRIC_COLUMNS = ("node", "metric", "value", "unit")


def read_history(folder: str | Path = "runs") -> pd.DataFrame:
    """All finished runs, oldest first: one row per metric of each run.

    Columns: schema_version, report, run_id, as_of, period, currency, finished_at, git_commit,
    data_hash, params (JSON text), notices (how many), folder, and node, metric, value, unit. What
    a run does not say is missing. Files that cannot be read are left out with a warning.
    """
    root = Path(folder)
    files = sorted(str(path) for path in root.glob(f"*/*/{RESULTS}") if path.is_file())
    if not files:
        return pd.DataFrame(columns=[*RUN_COLUMNS, *METRIC_COLUMNS])
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(QUERY, {"files": files}).df()
    readable = found["valid"] & found["run_id"].notna()
    _tell_broken(sorted(set(found.loc[~readable, "filename"])), len(files))
    kept = found[readable].reset_index(drop=True)
    newer = kept["schema_version"].fillna(0) > SCHEMA_VERSION
    _tell_newer(sorted(set(kept.loc[newer, "filename"])))
    kept["folder"] = [str(Path(name).parent) for name in kept["filename"]]
    return kept[[*RUN_COLUMNS, *METRIC_COLUMNS]]


def list_runs(history: pd.DataFrame) -> pd.DataFrame:
    """One row per run of a history, oldest first, without the metrics."""
    return history[list(RUN_COLUMNS)].drop_duplicates("folder").reset_index(drop=True)


def _tell_broken(files: list[str], total: int) -> None:
    if files:
        facts = {"count": len(files), "total": total, "files": _some(files)}
        _warn(Problem("report.broken_results", facts))


def _tell_newer(files: list[str]) -> None:
    if files:
        facts = {"count": len(files), "version": SCHEMA_VERSION, "files": _some(files)}
        _warn(Problem("report.newer_schema", facts))


def _warn(problem: Problem) -> None:
    warnings.warn(WorkbenchWarning(problem), stacklevel=4)


def _some(files: list[str]) -> str:
    more = f", … ({len(files)})" if len(files) > SHOWN else ""
    return ", ".join(files[:SHOWN]) + more
