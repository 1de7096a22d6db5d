"""make fleet-bench: see __main__."""
