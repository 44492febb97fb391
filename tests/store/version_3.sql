-- What version 3 has on top of version 2: see version_1.sql. It stays as it is: it stands for folders out in the world.
-- What a subject masters is made anew from attempts, and exercises are files: nothing was ever kept here.
DROP TABLE exercises;
DROP TABLE masteries;

-- Place and time are mostly asked together: then neither needs the lesson itself.
DROP INDEX lessons_by_place;
CREATE INDEX lessons_by_place ON lessons (lat_deg, lon_deg, event_utc) WHERE lat_deg IS NOT NULL;
CREATE INDEX actions_by_owner_id ON actions (owner_id) WHERE owner_id <> '';

CREATE TABLE incidents (
    incident_id TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, from_utc INTEGER, until_utc INTEGER,
    kept_utc INTEGER NOT NULL, folder TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, PRIMARY KEY (incident_id, number)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 3;
