"""One notebook, checked before it starts, run from parameters to report."""
