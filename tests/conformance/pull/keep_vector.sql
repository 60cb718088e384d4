CREATE EXTENSION vector;
CREATE TABLE document (id bigserial PRIMARY KEY, embedding vector(3), title text);
CREATE INDEX ON document USING hnsw (embedding vector_cosine_ops);
