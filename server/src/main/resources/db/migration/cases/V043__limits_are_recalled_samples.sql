-- Says of each limit shipped how well it is known.
UPDATE case_rule SET source = 'sample, recalled from local practice; not a standard''s table' WHERE source = 'sample';
