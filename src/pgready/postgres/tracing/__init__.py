"""Statements run on a shadow database, and what each was seen to do."""
