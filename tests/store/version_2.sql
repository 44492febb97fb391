-- What version 2 has on top of version 1: see version_1.sql. It stays as it is: it stands for folders out in the world.
PRAGMA user_version = 2;
CREATE VIRTUAL TABLE search USING fts5 (
    title, keywords, place, observation, discussion, conclusion, recommendation, rest,
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE conflicts (
    conflict_id INTEGER PRIMARY KEY, lesson_id TEXT NOT NULL REFERENCES lessons (lesson_id),
    ancestor INTEGER NOT NULL, from_centre TEXT NOT NULL, their_head TEXT NOT NULL, theirs TEXT NOT NULL,
    found_utc INTEGER NOT NULL, resolved_utc INTEGER, resolved_by TEXT, kept TEXT, UNIQUE (lesson_id, their_head)
) STRICT;
INSERT INTO search (rowid, title, keywords, place, observation, discussion, conclusion, recommendation, rest)
VALUES (1, 'the public was warned 110 minutes after the first detection', 'warning drone', 'lublin', 'the public warning was expected within 15 min of the first confirmed crossing. it was issued after 110 min (findings:f-3).', 'the duty officer had no rule that said who releases a warning, because the plan names two bodies.', 'no rule says who releases a warning.', 'the operations centre writes a rule that names who releases, measured by the time to warning.', 'night of 9 september air operations centre operations branch lessons officer write the rule operations branch warning at 03:20');
