"""Keep the libraries' chatter out of reports."""

import logging
import warnings

CHATTY = ("prophet", "prophet.plot", "cmdstanpy", "stanio", "matplotlib", "fontTools", "papermill")


def quiet() -> None:
    """Let libraries report errors only; the workbench's own notices stand in the report itself.

    Called once, in a notebook's first import, before any model library is loaded.
    """
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=FutureWarning)
    warnings.filterwarnings("ignore", category=DeprecationWarning)
