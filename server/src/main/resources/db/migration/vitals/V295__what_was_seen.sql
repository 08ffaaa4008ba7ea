-- How many rows of the source lay between the two marks when the last one was taken: where there are more now, some were
-- committed late. Until now everything between them was taken for late, so that each import was computed twice.
-- -1: not counted, as by servers of before.
ALTER TABLE vitals_looked ADD COLUMN seen bigint NOT NULL DEFAULT -1;
