-- Each step leaves a dead version of its case in the indexes of open cases, which the desk reads again and again. The
-- default waits for a fifth of the table, 200,000 steps in a city of a million cases; a fiftieth keeps the queues quick.
ALTER TABLE case_file SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
