"""The passes that turn syntax trees into a draft of the schema: names, types, attributes, relations."""
