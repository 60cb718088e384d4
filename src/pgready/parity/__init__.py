"""Parity: what several catalogs and servers differ in, and how much that weighs."""
