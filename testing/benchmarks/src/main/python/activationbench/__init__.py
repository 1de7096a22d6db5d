"""make activation-bench: see __main__."""
