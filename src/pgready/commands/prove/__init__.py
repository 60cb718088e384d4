"""The use cases of `prove`: contracts, the ground, plans, verdicts, the way out."""
