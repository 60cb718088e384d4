CREATE TYPE e AS ENUM ('a', 'B c', '9', '', 'z'); CREATE TABLE t (id int PRIMARY KEY, x e DEFAULT 'B c', y e[] DEFAULT '{9,a}', z e DEFAULT '9');
