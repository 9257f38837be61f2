"""How an explorer begins: the parameters of a file, checked and shown in the notebook."""

from typing import TypeVar

from workbench.params.base import NotebookParams
from workbench.params.files import read_file
from workbench.params.models import CampaignParams, TargetSettingParams
from workbench.params.notebook import show, show_problems

Params = TypeVar("Params", bound=NotebookParams)


def read_parameters(file: str, *, language: str = "") -> TargetSettingParams:
    """The parameters in the YAML file of a target setting, shown; ``language`` replaces its own.

    Raises:
        ParameterError: everything that is wrong with them; or outside of a notebook.
    """
    return _read(TargetSettingParams, file, language)


def read_campaign_parameters(file: str, *, language: str = "") -> CampaignParams:
    """The parameters in the YAML file of a campaign plan, shown; ``language`` replaces its own.

    Raises:
        ParameterError: everything that is wrong with them; or outside of a notebook.
    """
    return _read(CampaignParams, file, language)


def _read(model: type[Params], file: str, language: str) -> Params:
    """Read, check and show.

    From here on a workbench error in this notebook is shown as its three-part message.
    """
    show_problems(language=language)
    values = {**read_file(file), **({"language": language} if language else {})}
    show_problems(language=values.get("language"))
    params = model.read(values)
    params.check_files()
    show(params)
    return params
