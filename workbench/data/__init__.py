"""Files and databases → checked tables; what was read, kept and dropped."""
