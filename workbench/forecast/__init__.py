"""Panel → joint sample paths whose period totals are calibrated."""
