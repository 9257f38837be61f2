"""Tables → a regular panel of units × dates."""
