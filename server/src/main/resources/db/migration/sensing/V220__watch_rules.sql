-- Watch rules, each version a document. A rule that holds in an area is seen by who answers for the area, for a part of it or for what is around it;
-- only who answers for all of it changes it.
CREATE TABLE sensing_rule (
  rule         text COLLATE "C" NOT NULL CHECK (rule ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  version      integer NOT NULL CHECK (version >= 1),
  state        text NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED', 'REPLACED', 'WITHDRAWN')),
  edit         integer NOT NULL DEFAULT 1,      -- of the draft, counted up by each save
  document     text NOT NULL,
  name_zh      text NOT NULL,
  name_en      text NOT NULL,
  type_code    text COLLATE "C" NOT NULL,
  area_low     text COLLATE "C" NOT NULL,       -- what the codes of its area begin with; empty: everywhere
  category     text NOT NULL,                   -- of CAP 1.2
  case_from    text CHECK (case_from IN ('BLUE', 'YELLOW', 'ORANGE', 'RED')),
  case_kind    text COLLATE "C",
  note         text NOT NULL DEFAULT '',
  saved_by     bigint,
  saved_name   text NOT NULL,
  saved_at     timestamptz NOT NULL,
  published_by bigint,
  published_name text,
  published_at timestamptz,
  ended_at     timestamptz,                     -- when it was replaced or withdrawn
  PRIMARY KEY (rule, version)
);
CREATE UNIQUE INDEX sensing_rule_draft_idx ON sensing_rule (rule) WHERE state = 'DRAFT';
CREATE UNIQUE INDEX sensing_rule_published_idx ON sensing_rule (rule) WHERE state = 'PUBLISHED';
ALTER TABLE sensing_rule ENABLE ROW LEVEL SECURITY;
CREATE POLICY sensing_rule_seen ON sensing_rule FOR SELECT
  USING (current_setting('citywide.area_lo', true) <> '~' AND (area_low >= current_setting('citywide.area_lo', true) COLLATE "C" AND area_low < current_setting('citywide.area_hi', true) COLLATE "C"
    OR starts_with(current_setting('citywide.area_lo', true), area_low)));
CREATE POLICY sensing_rule_changed ON sensing_rule
  USING (area_low >= current_setting('citywide.area_lo', true) COLLATE "C" AND area_low < current_setting('citywide.area_hi', true) COLLATE "C"
    OR area_low = '' AND length(current_setting('citywide.area_lo', true)) <= 4 AND current_setting('citywide.area_lo', true) <> '~');

-- A source of values is silent when none of its devices has said anything for so long; one that is not here, after the usual time of the settings.
CREATE TABLE sensing_watch_source (
  source       text COLLATE "C" PRIMARY KEY CHECK (source <> ''),
  silent_after interval NOT NULL CHECK (silent_after >= interval '1 second')
);

-- Warnings that people have ended, until the watch has let go of them.
CREATE TABLE sensing_watch_end (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule      text COLLATE "C" NOT NULL,
  subject   text COLLATE "C" NOT NULL,
  number    bigint NOT NULL,
  reason_en text NOT NULL,
  reason_zh text NOT NULL,
  told_at   timestamptz NOT NULL DEFAULT now()
);

-- Who leads the watch, and how far it has come: operations and log up to here are judged and in the book of warnings.
CREATE TABLE sensing_watch_head (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  term       bigint NOT NULL,
  holder     uuid,
  until      timestamptz NOT NULL,
  position   bigint NOT NULL,
  operations bigint NOT NULL
);
INSERT INTO sensing_watch_head (term, until, position, operations) VALUES (0, '-infinity', 0, 0);

-- What the watch knew at a place of the log, and what it did after that besides reading the log, so that it can do it again.
CREATE TABLE sensing_watch_state (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  position   bigint NOT NULL,
  operations bigint NOT NULL,
  parts      integer NOT NULL,
  saved_at   timestamptz NOT NULL
);
CREATE TABLE sensing_watch_part (
  part  integer PRIMARY KEY,
  bytes bytea NOT NULL
);
ALTER TABLE sensing_watch_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE sensing_watch_journal (
  last   bigint PRIMARY KEY,                    -- number of the last operation in it
  bodies text NOT NULL                          -- JSON
);
