"""Hazards: what a migration's statements lock, rewrite and scan, and what that does to readers and writers. Pure."""
