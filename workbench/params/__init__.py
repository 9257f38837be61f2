"""What a notebook may be asked: one checked set of parameters per notebook."""
