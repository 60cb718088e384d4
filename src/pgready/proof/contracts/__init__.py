"""Contracts from files and functions: read, written, their parameters filled in. Pure."""
