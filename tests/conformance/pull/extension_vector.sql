CREATE EXTENSION vector;
CREATE TABLE document (id bigserial PRIMARY KEY, embedding vector(3), whole vector NOT NULL, half halfvec(8), sparse sparsevec(5), many vector[], fixed vector(2) DEFAULT '[1,2]');
CREATE INDEX ON document USING hnsw (embedding vector_cosine_ops); CREATE INDEX lists ON document USING ivfflat (embedding vector_l2_ops) WITH (lists = 10);
