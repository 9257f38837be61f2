"""Outlook → attainment probability → targets that add up."""
