"""How large the tables of a proof are: profiles, what is assumed without one, statistics. Pure."""
