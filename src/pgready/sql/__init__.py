"""SQL text as values: lexed, split, classified and quoted, without a server."""
