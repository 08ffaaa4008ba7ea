-- Since which version of an indicator its values mean what they mean now; a change of words or weight does not move it. Values of an
-- earlier version are of an earlier definition.
ALTER TABLE vitals_indicator ADD COLUMN defined integer NOT NULL DEFAULT 1;

-- Indicators whose values are still to be computed after somebody made or changed them: written with the change, gone with the last period.
CREATE TABLE vitals_wanted (
  indicator text COLLATE "C" PRIMARY KEY REFERENCES vitals_indicator,
  version   integer NOT NULL,
  anew      boolean NOT NULL,                       -- its periods are others than before: what there is must go first
  asked_at  timestamptz NOT NULL,
  done      integer NOT NULL DEFAULT 0,             -- periods
  of        integer                                 -- null: nobody has counted them yet
);
