"""Words, figures and tables for the reader; run folders and their history."""
