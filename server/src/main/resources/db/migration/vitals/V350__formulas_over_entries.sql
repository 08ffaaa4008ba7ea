-- Periods of indicators for which a value was entered, delivered or taken back, so that formulas which read it are computed anew: written with
-- the entry, gone when they have followed.
CREATE TABLE vitals_came (
  indicator   text COLLATE "C" NOT NULL REFERENCES vitals_indicator,
  period_from timestamptz NOT NULL,
  times       integer NOT NULL DEFAULT 1,           -- raised by each entry: whoever computed for an earlier one leaves it
  PRIMARY KEY (indicator, period_from)
);
