"""Campaigns: what one will bring, simulated for all paths at once."""
