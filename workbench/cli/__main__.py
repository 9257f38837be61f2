"""``python -m workbench.cli``."""

from workbench.cli.commands import main

main()
