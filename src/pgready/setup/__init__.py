"""Repositories and their set-ups as values: what is there, what is missing, the lines that mend it."""
