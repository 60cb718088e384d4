"""Files held against rows: what is applied, what is pending, what needs a decision. Pure."""
