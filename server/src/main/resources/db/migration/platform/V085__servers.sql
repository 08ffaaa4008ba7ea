-- Servers that work on this database now; each renews its row every second. What they tell each other goes by NOTIFY.
CREATE TABLE platform_server (
  id         uuid PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at    timestamptz NOT NULL DEFAULT now()
);
