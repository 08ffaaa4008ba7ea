-- A key with a permission that another administrator holds by role works only when such a person has approved it (GB/T 22239-2019
-- §8.1.5). Which permissions are to be approved is written down when the key is made. Keys from before await nothing: they count as approved.
ALTER TABLE identity_api_key
  ADD COLUMN awaits     text[] NOT NULL DEFAULT '{}',
  ADD COLUMN decided_by bigint REFERENCES identity_person,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN refusal    text,
  ADD CHECK (refusal IS NULL OR (decided_at IS NOT NULL AND revoked_at IS NOT NULL));
ALTER TABLE identity_api_key ALTER COLUMN awaits DROP DEFAULT;
