"""A made-up tea and gift shop whose true baseline and campaign effects are known."""
