-- Each step of a case writes a new version of its row into every index. Candidates are found by place alone (V040's
-- case_file_grid_idx) since kinds that differ may be the same problem, so this one was only written.
DROP INDEX case_file_near_idx;
