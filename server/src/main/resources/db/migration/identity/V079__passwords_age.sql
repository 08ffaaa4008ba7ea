-- Passwords that were used last, so that they are not used again, and since when the present one is.
ALTER TABLE identity_person ADD COLUMN password_changed_at timestamptz NOT NULL DEFAULT now();
CREATE TABLE identity_password_before (
  person_id   bigint NOT NULL REFERENCES identity_person,
  hash        text NOT NULL,
  replaced_at timestamptz NOT NULL,
  PRIMARY KEY (person_id, replaced_at)
);
