CREATE TABLE shapes (
  id int PRIMARY KEY,
  a point, b line, c lseg, d box, e path, f polygon, g circle,
  h point[] , i box NOT NULL DEFAULT '(1,1),(0,0)'
);
