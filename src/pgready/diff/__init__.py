"""What differs between two databases, as typed changes in the order in which they can be made."""
