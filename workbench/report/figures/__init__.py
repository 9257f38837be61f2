"""Figures, one per file: nouns and words in, matplotlib axes out."""
