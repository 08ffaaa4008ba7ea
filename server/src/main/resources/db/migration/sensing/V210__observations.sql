-- Observations (decision 0016). The log takes them in; pages hold what was in it a few minutes ago, a slot of 64 series
-- each; chunks hold the rest, one series each. No row here belongs to a person, and who may see a device is asked before.

-- Number of the newest batch. Whoever appends holds this row until it commits: so batches have one order, without gaps.
CREATE TABLE sensing_head (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  position bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO sensing_head (position) VALUES (0);

CREATE TABLE sensing_log (
  position   bigint NOT NULL,
  first_time bigint NOT NULL,
  last_time  bigint NOT NULL,
  arrived_at bigint NOT NULL,
  size       integer NOT NULL,
  part       smallint NOT NULL,                 -- slot modulo 32
  bytes      bytea NOT NULL,
  PRIMARY KEY (part, position)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_insert_threshold = -1);
ALTER TABLE sensing_log ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- How far those have come who must hear everything; what is after the least of them stays in the log.
CREATE TABLE sensing_follower (
  name     text COLLATE "C" PRIMARY KEY,
  position bigint NOT NULL
);

CREATE TABLE sensing_page (
  run        bigint NOT NULL,                   -- position up to which the log was sealed: of the same moment the lesser stands
  first_time bigint NOT NULL,
  last_time  bigint NOT NULL,
  sealed_at  bigint NOT NULL,
  slot       integer NOT NULL,                  -- series / 64
  size       integer NOT NULL,
  piece      smallint NOT NULL,
  bytes      bytea NOT NULL,
  PRIMARY KEY (slot, run, piece)
) WITH (autovacuum_vacuum_scale_factor = 0.05, toast_tuple_target = 8160);
ALTER TABLE sensing_page ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Chunks of a series do not overlap.
CREATE TABLE sensing_chunk (
  start  bigint NOT NULL,                       -- time of the first value
  finish bigint NOT NULL,                       -- and of the last
  series integer NOT NULL,
  count  integer NOT NULL,
  min    double precision NOT NULL,
  max    double precision NOT NULL,
  sum    double precision NOT NULL,
  last   double precision NOT NULL,
  bytes  bytea NOT NULL,
  PRIMARY KEY (series, start)
) WITH (autovacuum_vacuum_scale_factor = 0.05, toast_tuple_target = 8160);
ALTER TABLE sensing_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The newest value of each series of a part, as far as the log was sealed.
CREATE TABLE sensing_newest (
  part  smallint PRIMARY KEY,
  bytes bytea NOT NULL
) WITH (fillfactor = 50);
ALTER TABLE sensing_newest ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- What stays when the values of a day are deleted: its parts of five minutes.
CREATE TABLE sensing_day (
  start  bigint NOT NULL,                       -- begin of the day, in the time zone of the city
  series integer NOT NULL,
  bytes  bytea NOT NULL,
  PRIMARY KEY (series, start)
) WITH (toast_tuple_target = 8160);
ALTER TABLE sensing_day ALTER COLUMN bytes SET STORAGE EXTERNAL;
