-- By which areas the devices were placed last: when boundaries change, or an area begins or ends, they are placed anew.
CREATE TABLE sensing_placed (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  revision bigint NOT NULL,                     -- of the areas
  day      date NOT NULL,                       -- areas begin and end with days
  upto     bigint                               -- id of the last device that is placed by them; null: all are
);
INSERT INTO sensing_placed (revision, day, upto) VALUES (0, DATE '2000-01-01', 0);
