"""The command line: what `workbench` understands."""
