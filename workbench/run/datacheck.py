"""The targets file of a data check: can it be read, and do its parts add up?"""

from dataclasses import replace

import pandas as pd

from workbench.calendar.period import next_period, parse_period
from workbench.data.targets import Targets, read_targets
from workbench.panel.panel import Panel
from workbench.params.models import DataCheckParams
from workbench.target.goal import oddities


def check_targets(params: DataCheckParams, panel: Panel) -> Targets:
    """The targets of the period asked for (else of the next quarter), and what is odd about them.

    Nothing where the parameters name no file.

    Raises:
        DataError: a file of targets that cannot be used.
    """
    if not params.targets:
        return Targets(pd.Series(dtype=float), ())
    start = params.fiscal_year_start
    after = next_period(panel.as_of.date(), fiscal_year_start=start)
    period = parse_period(params.period, fiscal_year_start=start) if params.period else after
    mapping = params.file("mapping")
    found = read_targets(params.file("targets"), by=params.by, period=period, mapping=mapping)
    said = (*found.notices, *oddities(found.amounts, panel.units))
    return replace(found, notices=said)
