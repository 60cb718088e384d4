CREATE TABLE flags (
  id boolean PRIMARY KEY,
  a boolean DEFAULT true, b bool NOT NULL DEFAULT false, c bool DEFAULT 't', d bool DEFAULT 'no', e bool DEFAULT '1',
  f bool[] DEFAULT '{true,false}', g bool DEFAULT (1 = 1), h bool DEFAULT (NOT true), i bool DEFAULT NULL
);
