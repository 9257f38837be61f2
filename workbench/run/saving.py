"""Recording the targets of a report as a version, where its parameters name a file for them."""

from pathlib import Path

import pandas as pd

from workbench.errors import ParameterError, Problem
from workbench.params.models import TargetSettingParams
from workbench.params.places import project_root
from workbench.report.prose import Note
from workbench.report.words import Words
from workbench.run.folder import moment
from workbench.target.allocate import Allocation
from workbench.target.outlook import Outlook
from workbench.target.proposal import ALL_UNITS
from workbench.target.setting import set_targets
from workbench.target.versions import SUFFIX, is_versioned, target_versions


def save_plan(
    params: TargetSettingParams, plan: Allocation, outlook: Outlook, words: Words
) -> Note:
    """Add the allocation to the file of versions; say where, or how that is done.

    The version is dated by the last known day of the report, at the time of day of the run.

    Raises:
        ParameterError: a file that is not one of versions.
        TargetError: nobody named, a period that overlaps another, an earlier date than the last.
    """
    if not params.save_targets_as:
        return Note(words("versions.not_saved"))
    if not is_versioned(params.save_targets_as):
        facts = {"value": params.save_targets_as, "suffix": SUFFIX}
        raise ParameterError(Problem("run.not_versions", facts))
    place = Path(project_root()) / params.save_targets_as
    day = outlook.as_of
    at = moment().replace(year=day.year, month=day.month, day=day.day)
    same_day = [v.set_at for v in target_versions(place) if v.set_at.date() == at.date()]
    whole = pd.Series({ALL_UNITS: float(plan.target)})
    new = set_targets(
        place,
        pd.concat([whole, plan.targets.astype(float)]),
        period=outlook.period,
        by_whom=params.set_by,
        at=max([at, *same_day]),
        units=outlook.units,
    )
    return Note(
        words(
            "versions.saved",
            version=new.number,
            period=words.period(outlook.period),
            path=params.save_targets_as,
            set_by=new.set_by,
        )
    )
