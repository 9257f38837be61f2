"""Tables for planners: nouns and words in, great-tables out."""
