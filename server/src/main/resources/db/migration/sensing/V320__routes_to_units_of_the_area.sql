-- A route may name the units of the area, whichever area it is: the residents' committee, the street office, the centre.
ALTER TABLE sensing_route DROP CONSTRAINT sensing_route_target_check,
  ADD CONSTRAINT sensing_route_target_check CHECK (target IN ('OWNER', 'UNIT', 'AREA', 'DUTY'));
