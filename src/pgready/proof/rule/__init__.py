"""The rule: what a plan reads, estimated node by node, and whether that is bounded. Pure."""
