"""Plausible rows from a seed: for a catalog, without a look at a database."""
