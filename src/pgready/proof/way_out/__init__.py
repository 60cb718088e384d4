"""What would make an unbounded query bounded: candidate indexes and rewritten queries. Pure."""
