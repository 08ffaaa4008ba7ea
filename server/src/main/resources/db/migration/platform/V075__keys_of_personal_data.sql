-- Which keys seal personal data in this database. The keys themselves are files outside of it; a proof tells whether
-- a file is the right one without telling anything about it.
CREATE TABLE platform_key (
  name       text PRIMARY KEY,
  proof      bytea NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now(),
  -- since when no row needs it any longer
  retired_at timestamptz
);
