-- By which channels the reports of a key may come, and of which systems. Keys from before could use any; they still
-- can ('*'), and the list of keys shows it, until they are replaced.
ALTER TABLE identity_api_key
  ADD COLUMN channels text[] NOT NULL DEFAULT '{*}',
  ADD COLUMN sources  text[] NOT NULL DEFAULT '{*}';
ALTER TABLE identity_api_key ALTER COLUMN channels DROP DEFAULT, ALTER COLUMN sources DROP DEFAULT;
