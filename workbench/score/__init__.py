"""Scores of forecasts on plain arrays."""
