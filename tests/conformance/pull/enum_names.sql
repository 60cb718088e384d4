CREATE TYPE "order" AS ENUM ('asc', 'desc');
CREATE TYPE "Model" AS ENUM ('m');
CREATE TYPE "2fa" AS ENUM ('totp');
CREATE TYPE "has-dash" AS ENUM ('a-b', 'a_b');
CREATE TYPE "Größe" AS ENUM ('groß', 'klein');
CREATE TYPE "_under" AS ENUM ('_a', 'a_');
CREATE TYPE "enum" AS ENUM ('enum', 'model');
CREATE TABLE uses (id int PRIMARY KEY, a "order" DEFAULT 'asc', b "Model", c "2fa" DEFAULT 'totp', d "has-dash" DEFAULT 'a-b', e "Größe" DEFAULT 'groß', f "_under" DEFAULT '_a', g "enum" DEFAULT 'model', h "Größe"[] DEFAULT '{groß}');
