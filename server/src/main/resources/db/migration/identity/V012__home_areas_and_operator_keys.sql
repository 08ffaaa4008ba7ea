-- The area a person belongs to, whether or not a position was granted: its administrators look after the account.
ALTER TABLE identity_person ADD COLUMN area_code text COLLATE "C" NOT NULL DEFAULT '';

-- The data folder whose owner holds this key, for the command line; made anew at every start of the server.
ALTER TABLE identity_api_key ADD COLUMN operator_of text;
CREATE INDEX identity_api_key_operator_idx ON identity_api_key (operator_of) WHERE revoked_at IS NULL;

CREATE INDEX identity_position_person_idx ON identity_position (person_id) WHERE ended_at IS NULL;
CREATE INDEX identity_position_area_idx ON identity_position (area_code) WHERE ended_at IS NULL;
CREATE INDEX identity_person_area_idx ON identity_person (area_code);
