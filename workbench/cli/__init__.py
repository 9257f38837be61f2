"""The command line."""

from workbench.cli.commands import app as app
from workbench.cli.commands import main as main
