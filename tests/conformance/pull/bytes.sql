CREATE TABLE b (id bytea PRIMARY KEY DEFAULT '\x00ff', a bytea DEFAULT '', b bytea DEFAULT 'abc', c bytea DEFAULT decode('00','hex'), d bytea NOT NULL DEFAULT '\xdeadbeef');
