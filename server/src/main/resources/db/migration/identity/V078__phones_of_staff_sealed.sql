-- The server moves older numbers at its next start; the check holds for every row written from now on.
ALTER TABLE identity_person
  ADD COLUMN phone_sealed bytea,
  ADD CONSTRAINT identity_person_no_phone_in_clear CHECK (phone IS NULL) NOT VALID;
