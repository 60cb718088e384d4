"""Every rule of the schema language as a row: its code, what it says, a bad and a good example.

The rows are the reference (`docs/reference/rules.md` is made from them) and each example is a test.
"""
