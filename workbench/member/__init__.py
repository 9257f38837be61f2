"""Members: who buys again, how often, for how much, and who has gone."""
