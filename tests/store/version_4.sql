-- What version 4 has on top of version 3: see version_1.sql. It stays as it is: it stands for folders out in the world.
ALTER TABLE attempts ADD COLUMN void_utc INTEGER;
PRAGMA user_version = 4;
