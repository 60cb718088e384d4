CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE project (tenant_id int REFERENCES tenant, id int, PRIMARY KEY (tenant_id, id));
CREATE TABLE member (tenant_id int REFERENCES tenant, id int, PRIMARY KEY (tenant_id, id));
CREATE TABLE task (
  tenant_id int NOT NULL REFERENCES tenant, id int, project_id int NOT NULL, owner_id int, reviewer_id int, PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES project, FOREIGN KEY (tenant_id, owner_id) REFERENCES member, FOREIGN KEY (tenant_id, reviewer_id) REFERENCES member
);
