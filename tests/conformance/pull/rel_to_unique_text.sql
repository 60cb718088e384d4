CREATE TABLE country (code char(2) PRIMARY KEY, name text UNIQUE NOT NULL);
CREATE TABLE city (id int PRIMARY KEY, country char(2) NOT NULL REFERENCES country, country_name text REFERENCES country (name) ON UPDATE CASCADE);
