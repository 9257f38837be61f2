"""Explorers: the package's verbs behind sliders, for a person at a notebook; never scheduled."""
