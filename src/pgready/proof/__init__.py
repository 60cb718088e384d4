"""Index proofs: query contracts held against the planner's plans at production size. Pure."""
