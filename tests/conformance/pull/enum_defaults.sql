CREATE TYPE state AS ENUM ('new', 'in progress', 'done!', 'NULL', 'true', 'default');
CREATE TABLE task (
  id int PRIMARY KEY,
  a state NOT NULL DEFAULT 'new', b state DEFAULT 'in progress', c state DEFAULT 'done!', d state DEFAULT 'NULL', e state DEFAULT 'true', f state DEFAULT 'default',
  g state[] DEFAULT '{new,"in progress"}', h state[] DEFAULT ARRAY['new', 'done!']::state[], i state[] DEFAULT '{}', j state DEFAULT lower('NEW')::state, k state[] NOT NULL DEFAULT ARRAY[]::state[]
);
