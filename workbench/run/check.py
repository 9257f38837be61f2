"""Check what a run is asked for before any kernel starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.calendar.period import parse_period
from workbench.errors import CampaignError, ParameterError, Problem, RunError
from workbench.params.base import NotebookParams
from workbench.params.kinds import nearest
from workbench.params.models import MODELS, CampaignParams, TargetSettingParams, TrackingParams
from workbench.params.places import project_root


@dataclass(frozen=True)
class Notebook:
    """One of the project's notebooks: its name, its file, and the parameters it takes."""

    name: str
    path: Path
    model: type[NotebookParams]


def find_notebook(name: str) -> Notebook:
    """The notebook called ``name``: ``20_target_setting``, ``20``, ``target_setting`` or its file.

    Raises ParameterError for an unknown name, RunError where the notebooks are not found.
    """
    stem = Path(name).stem if name.endswith(".ipynb") else name
    full = next((known for known in MODELS if stem in (known, *known.split("_", 1))), "")
    if not full:
        facts = {"name": name, "known": ", ".join(MODELS), "nearest": nearest(stem, list(MODELS))}
        code = "run.unknown_notebook_near" if facts["nearest"] else "run.unknown_notebook"
        raise ParameterError(Problem(code, facts))
    path = project_root() / "notebooks" / f"{full}.ipynb"
    if not path.is_file():
        raise RunError(Problem("run.no_notebooks", {"path": str(path)}))
    return Notebook(full, path, MODELS[full])


def check(name: str, values: Mapping[str, Any]) -> NotebookParams:
    """The checked parameters of a run of ``name`` with ``values``; no kernel, no data read.

    Raises ParameterError with every mistake found: names, values, files that are not there, a
    period that cannot be read,
    campaigns that cannot be simulated.
    """
    params = find_notebook(name).model.read(values)
    checks = (params.check_files, lambda: _check_period(params), lambda: _check_campaigns(params))
    problems = [problem for check in checks for problem in _problems_of(check)]
    if problems:
        raise ParameterError(*problems)
    return params


def _check_period(params: NotebookParams) -> None:
    text = str(getattr(params, "period", ""))
    if text:
        parse_period(text, fiscal_year_start=int(getattr(params, "fiscal_year_start", 1)))


def _check_campaigns(params: NotebookParams) -> None:
    if isinstance(params, CampaignParams):
        from workbench.run.gap_closing import check_options
        from workbench.run.planned import check_campaigns

        check_campaigns(params)
        check_options(params)
    elif isinstance(params, TargetSettingParams | TrackingParams) and params.file("campaigns"):
        from workbench.run.plans import campaign_params

        campaign_params(params)


def _problems_of(verb: Any) -> tuple[Problem, ...]:
    try:
        verb()
    except (ParameterError, CampaignError) as error:
        return error.problems
    return ()
