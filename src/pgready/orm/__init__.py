"""What generated models share at run time: types, client-side ids, keyset pages."""
