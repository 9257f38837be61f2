"""Periods, holidays and festivals; the comparable day of last year."""
