"""How an explorer begins: the parameters of a file, checked and shown in the notebook."""

from workbench.params.files import read_file
from workbench.params.models import TargetSettingParams
from workbench.params.notebook import show, show_problems


def read_parameters(file: str, *, language: str = "") -> TargetSettingParams:
    """The parameters in the YAML file of a target setting, shown; ``language`` replaces its own.

    From here on a workbench error in this notebook is shown as its three-part message.

    Raises:
        ParameterError: everything that is wrong with them; or outside of a notebook.
    """
    show_problems(language=language)
    values = {**read_file(file), **({"language": language} if language else {})}
    show_problems(language=values.get("language"))
    params = TargetSettingParams.read(values)
    params.check_files()
    show(params)
    return params
