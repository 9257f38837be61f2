"""The sheet of what is chosen, as a file: the period, its weeks and its days for every unit."""

from pathlib import Path

from workbench.errors import Problem, RunError
from workbench.report.safe import file_name
from workbench.target.cascade import cascade
from workbench.ui.choice import Scene, State, limits_of

ENDINGS = {"CSV": ".csv", "Excel": ".xlsx"}
FOLDER = "explore_targets"


def write_sheet(scene: Scene, state: State, kind: str) -> Path:
    """Write the chosen split below the runs' folder; a sheet that is there already stays.

    Raises:
        TargetError: a target that cannot be split so.
        RunError: a folder that cannot be written.
    """
    ahead, target = scene.outlooks[state.period], state.choice.target
    plan = cascade(target, ahead, paths=scene.paths, panel=scene.panel, **limits_of(scene, state))
    folder = scene.params.folder() / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _free(folder, f"{file_name(ahead.period.label)}_{target:.0f}", ENDINGS[kind])
        return plan.write(path, language=scene.params.language)
    except OSError as error:
        facts = {"folder": str(folder), "reason": error.strerror or str(error)}
        raise RunError(Problem("run.cannot_write", facts)) from error


def _free(folder: Path, stem: str, ending: str) -> Path:
    number, path = 1, folder / f"{stem}{ending}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ending}"
    return path
