-- schemas: app, billing
CREATE SCHEMA app; CREATE SCHEMA billing;
CREATE TABLE app.users (id serial PRIMARY KEY);
CREATE TABLE billing.invoice (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES app.users, kind int);
CREATE TYPE billing.state AS ENUM ('open', 'paid'); CREATE TYPE app.state AS ENUM ('on');
ALTER TABLE billing.invoice ADD s billing.state DEFAULT 'open', ADD a app.state DEFAULT 'on';
CREATE TABLE public.left_out (id int PRIMARY KEY);
