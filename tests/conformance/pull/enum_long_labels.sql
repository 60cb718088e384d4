CREATE TYPE long AS ENUM ('a2345678901234567890123456789012345678901234567890123456789012', 'b', 'tab	inside', 'quote"inside', 'single''inside', 'back\slash', 'Z', 'é', '🙂', 'A B C', '1', '12ab', '-5', '.');
CREATE TABLE t (id int PRIMARY KEY, l long DEFAULT 'quote"inside', m long DEFAULT '1', n long DEFAULT 'single''inside', o long DEFAULT 'back\slash', p long DEFAULT '🙂');
