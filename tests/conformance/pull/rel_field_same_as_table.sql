CREATE TABLE team (id int PRIMARY KEY, player int);
CREATE TABLE player (id int PRIMARY KEY, team int REFERENCES team, player int REFERENCES player);
