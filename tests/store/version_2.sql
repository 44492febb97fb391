-- What a centre of version 1 held: a lesson that was tasked, and its people.
-- It stays as it is: it stands for folders that are out in the world.
PRAGMA application_id = 1752134775;
PRAGMA user_version = 2;
CREATE TABLE centre (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE people (
    person_id TEXT PRIMARY KEY, name TEXT, function TEXT, unit TEXT,
    added_utc INTEGER NOT NULL, erased_utc INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE lessons (
    row INTEGER PRIMARY KEY, lesson_id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, stage TEXT NOT NULL,
    changed_utc INTEGER NOT NULL, event_utc INTEGER, place TEXT NOT NULL, lat_deg REAL, lon_deg REAL,
    manager TEXT NOT NULL, action_body TEXT NOT NULL, unit TEXT NOT NULL
) STRICT;
CREATE INDEX lessons_by_stage ON lessons (stage);
CREATE INDEX lessons_by_event ON lessons (event_utc);
CREATE INDEX lessons_by_place ON lessons (lat_deg, lon_deg) WHERE lat_deg IS NOT NULL;
CREATE TABLE history (
    lesson_id TEXT NOT NULL REFERENCES lessons (lesson_id), number INTEGER NOT NULL, when_utc INTEGER NOT NULL,
    by TEXT NOT NULL, role TEXT NOT NULL, kind TEXT NOT NULL, stage TEXT NOT NULL, why TEXT NOT NULL,
    rests_on TEXT NOT NULL, changes TEXT NOT NULL, before TEXT NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (lesson_id, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER history_is_never_shortened BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TABLE heads (
    lesson_id TEXT PRIMARY KEY REFERENCES lessons (lesson_id), number INTEGER NOT NULL, sha256 TEXT NOT NULL,
    is_anchored INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX heads_to_anchor ON heads (lesson_id) WHERE is_anchored = 0;
CREATE TABLE reporters (
    lesson_id TEXT PRIMARY KEY REFERENCES lessons (lesson_id), person_id TEXT NOT NULL REFERENCES people (person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reporters_by_person ON reporters (person_id);
CREATE TABLE actions (
    lesson_id TEXT NOT NULL REFERENCES lessons (lesson_id), action_id TEXT NOT NULL, kind TEXT NOT NULL,
    owner TEXT NOT NULL, owner_id TEXT NOT NULL, due TEXT, state TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (lesson_id, action_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX actions_by_due ON actions (state, due);
CREATE INDEX actions_by_owner ON actions (owner);
CREATE TABLE objectives (
    objective_id TEXT NOT NULL, number INTEGER NOT NULL, lesson_id TEXT NOT NULL, version TEXT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (objective_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE exercises (
    name TEXT NOT NULL, version TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
    attempt_id TEXT PRIMARY KEY, exercise TEXT NOT NULL, exercise_version TEXT NOT NULL, seat TEXT NOT NULL,
    subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, policy TEXT, seed INTEGER, is_test INTEGER NOT NULL,
    objective_id TEXT, state TEXT NOT NULL, named_utc INTEGER, started_utc INTEGER, ended_utc INTEGER,
    setting TEXT NOT NULL, recording TEXT, recording_hash TEXT, void_by TEXT, void_why TEXT
) STRICT;
CREATE INDEX attempts_by_objective ON attempts (objective_id);
CREATE INDEX attempts_by_subject ON attempts (subject_id);
CREATE TABLE scores (
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id), seat TEXT NOT NULL, task TEXT, measure TEXT NOT NULL,
    value REAL, unit TEXT, sigma REAL, clock_s REAL, opportunity TEXT, result TEXT, seed INTEGER, exercise TEXT,
    exercise_version TEXT, subject_kind TEXT, subject_id TEXT, marked_by TEXT
) STRICT;
CREATE INDEX scores_by_attempt ON scores (attempt_id);
CREATE INDEX scores_by_measure ON scores (measure);
CREATE TABLE masteries (
    subject_id TEXT NOT NULL, skill TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (subject_id, skill)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5 (
    title, keywords, place, observation, discussion, conclusion, recommendation, rest,
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE conflicts (
    conflict_id INTEGER PRIMARY KEY, lesson_id TEXT NOT NULL REFERENCES lessons (lesson_id),
    ancestor INTEGER NOT NULL, from_centre TEXT NOT NULL, their_head TEXT NOT NULL, theirs TEXT NOT NULL,
    found_utc INTEGER NOT NULL, resolved_utc INTEGER, resolved_by TEXT, kept TEXT, UNIQUE (lesson_id, their_head)
) STRICT;
INSERT INTO centre VALUES ('centre_id', 'C-0123456789abcdef');
INSERT INTO centre VALUES ('made_utc', '2026-03-01T12:00:00+00:00');
INSERT INTO centre VALUES ('name', 'Old centre');
INSERT INTO people VALUES ('P-analyst', 'Name of P-analyst', '', '', 1772366400000000, NULL);
INSERT INTO people VALUES ('P-checker', 'Name of P-checker', '', '', 1772366400000000, NULL);
INSERT INTO people VALUES ('P-chief', 'Name of P-chief', '', '', 1772366400000000, NULL);
INSERT INTO people VALUES ('P-owner', 'Name of P-owner', '', '', 1772366400000000, NULL);
INSERT INTO people VALUES ('P-reporter', 'Name of P-reporter', '', '', 1772366400000000, NULL);
INSERT INTO lessons VALUES (1, 'L-1', 'The public was warned 110 minutes after the first detection', 'tasked', 1772384400000000, 1757453400000000, 'Lublin', 51.2465, 22.5684, 'lessons officer', 'Operations branch', 'Air operations centre');
INSERT INTO history VALUES ('L-1', 0, 1772366400000000, 'originator', 'originator', 'submit', 'submitted', 'because of submit', '[]', '{"classification":"UNCLASSIFIED","event":"Night of 9 September","event_utc":"2025-09-09T21:30:00.000000Z","keywords":["warning","drone"],"language":"en","lat_deg":51.2465,"lon_deg":22.5684,"observation":"The public warning was expected within 15 min of the first confirmed crossing. It was issued after 110 min (findings:F-3).","originator":"duty officer","place":"Lublin","releasability":"public","title":"The public was warned 110 minutes after the first detection","unit":"Air operations centre"}', '0000000000000000000000000000000000000000000000000000000000000000', '5974673d4f07817c2f374952ccfddcbc328772442135bde67b39eeab84b32709');
INSERT INTO history VALUES ('L-1', 1, 1772370000000000, 'P-analyst', 'lessons_manager', 'accept', 'observation', 'because of accept', '[]', '{"manager":"lessons officer","manager_id":"P-analyst"}', '5974673d4f07817c2f374952ccfddcbc328772442135bde67b39eeab84b32709', '7df0a96efe871fb931f120af325b4f1ece39d046983fa5777d9754b587b43bf4');
INSERT INTO history VALUES ('L-1', 2, 1772373600000000, 'P-analyst', 'analyst', 'draft', 'draft', 'because of draft', '[]', '{"evidence":[{"end_utc":null,"kind":"finding","ref":"findings:F-3","sha256":"","start_utc":null,"text":"warning at 03:20"}]}', '7df0a96efe871fb931f120af325b4f1ece39d046983fa5777d9754b587b43bf4', '5bc6f9f088c6d3c2b4cbca64045b860fa3c24791dc8bac13b9a69bdf6ece07a0');
INSERT INTO history VALUES ('L-1', 3, 1772377200000000, 'P-analyst', 'analyst', 'edit', 'draft', 'because of edit', '[]', '{"action_body":"Operations branch","conclusion":"No rule says who releases a warning.","discussion":"The duty officer had no rule that said who releases a warning, because the plan names two bodies.","objective":"O-1","recommendation":"The operations centre writes a rule that names who releases, measured by the time to warning."}', '5bc6f9f088c6d3c2b4cbca64045b860fa3c24791dc8bac13b9a69bdf6ece07a0', '1ca3273fbe9c5bc3eb704ba97cc58c4eb7fdfde45cfcffa1681c4ea35a530f34');
INSERT INTO history VALUES ('L-1', 4, 1772380800000000, 'P-chief', 'authority', 'endorse', 'endorsed', 'because of endorse', '[]', '{}', '1ca3273fbe9c5bc3eb704ba97cc58c4eb7fdfde45cfcffa1681c4ea35a530f34', 'a43c3c11dc790520222a8a0f34ef842150cfea121137a7a81f19cd244c190196');
INSERT INTO history VALUES ('L-1', 5, 1772384400000000, 'P-chief', 'authority', 'task', 'tasked', 'because of task', '[]', '{"actions":[{"action_id":"1","due":"2026-05-01","kind":"procedure","owner":"Operations branch","owner_id":"P-owner","state":"open","text":"Write the rule"}]}', 'a43c3c11dc790520222a8a0f34ef842150cfea121137a7a81f19cd244c190196', '4ccba1347af183af689d6d4fbc77e8d5e22d5d2836307d4d5dc215113f9ab682');
INSERT INTO heads VALUES ('L-1', 5, '4ccba1347af183af689d6d4fbc77e8d5e22d5d2836307d4d5dc215113f9ab682', 0);
INSERT INTO reporters VALUES ('L-1', 'P-reporter');
INSERT INTO actions VALUES ('L-1', '1', 'procedure', 'Operations branch', 'P-owner', '2026-05-01', 'open', 'Write the rule');
INSERT INTO search (rowid, title, keywords, place, observation, discussion, conclusion, recommendation, rest) VALUES (1, 'the public was warned 110 minutes after the first detection', 'warning drone', 'lublin', 'the public warning was expected within 15 min of the first confirmed crossing. it was issued after 110 min (findings:f-3).', 'the duty officer had no rule that said who releases a warning, because the plan names two bodies.', 'no rule says who releases a warning.', 'the operations centre writes a rule that names who releases, measured by the time to warning.', 'night of 9 september air operations centre operations branch lessons officer write the rule operations branch warning at 03:20');
INSERT INTO conflicts VALUES (1, 'L-1', 4, 'Other centre', '16b2385a64a5c7cf0a3d6c25e9891c3c703c74ce957167ef060162a04c7ad1ef', '[{"before":"0000000000000000000000000000000000000000000000000000000000000000","by":"originator","changes":"{\"classification\":\"UNCLASSIFIED\",\"event\":\"Night of 9 September\",\"event_utc\":\"2025-09-09T21:30:00.000000Z\",\"keywords\":[\"warning\",\"drone\"],\"language\":\"en\",\"lat_deg\":51.2465,\"lon_deg\":22.5684,\"observation\":\"The public warning was expected within 15 min of the first confirmed crossing. It was issued after 110 min (findings:F-3).\",\"originator\":\"duty officer\",\"place\":\"Lublin\",\"releasability\":\"public\",\"title\":\"The public was warned 110 minutes after the first detection\",\"unit\":\"Air operations centre\"}","kind":"submit","number":0,"rests_on":[],"role":"originator","sha256":"5974673d4f07817c2f374952ccfddcbc328772442135bde67b39eeab84b32709","stage":"submitted","when_utc":"2026-03-01T12:00:00.000000Z","why":"because of submit"},{"before":"5974673d4f07817c2f374952ccfddcbc328772442135bde67b39eeab84b32709","by":"P-analyst","changes":"{\"manager\":\"lessons officer\",\"manager_id\":\"P-analyst\"}","kind":"accept","number":1,"rests_on":[],"role":"lessons_manager","sha256":"7df0a96efe871fb931f120af325b4f1ece39d046983fa5777d9754b587b43bf4","stage":"observation","when_utc":"2026-03-01T13:00:00.000000Z","why":"because of accept"},{"before":"7df0a96efe871fb931f120af325b4f1ece39d046983fa5777d9754b587b43bf4","by":"P-analyst","changes":"{\"evidence\":[{\"end_utc\":null,\"kind\":\"finding\",\"ref\":\"findings:F-3\",\"sha256\":\"\",\"start_utc\":null,\"text\":\"warning at 03:20\"}]}","kind":"draft","number":2,"rests_on":[],"role":"analyst","sha256":"5bc6f9f088c6d3c2b4cbca64045b860fa3c24791dc8bac13b9a69bdf6ece07a0","stage":"draft","when_utc":"2026-03-01T14:00:00.000000Z","why":"because of draft"},{"before":"5bc6f9f088c6d3c2b4cbca64045b860fa3c24791dc8bac13b9a69bdf6ece07a0","by":"P-analyst","changes":"{\"action_body\":\"Operations branch\",\"conclusion\":\"No rule says who releases a warning.\",\"discussion\":\"The duty officer had no rule that said who releases a warning, because the plan names two bodies.\",\"objective\":\"O-1\",\"recommendation\":\"The operations centre writes a rule that names who releases, measured by the time to warning.\"}","kind":"edit","number":3,"rests_on":[],"role":"analyst","sha256":"1ca3273fbe9c5bc3eb704ba97cc58c4eb7fdfde45cfcffa1681c4ea35a530f34","stage":"draft","when_utc":"2026-03-01T15:00:00.000000Z","why":"because of edit"},{"before":"1ca3273fbe9c5bc3eb704ba97cc58c4eb7fdfde45cfcffa1681c4ea35a530f34","by":"P-analyst","changes":"{\"unit\":\"theirs\"}","kind":"edit","number":4,"rests_on":[],"role":"analyst","sha256":"16b2385a64a5c7cf0a3d6c25e9891c3c703c74ce957167ef060162a04c7ad1ef","stage":"draft","when_utc":"2026-03-01T16:00:00.000000Z","why":"because of edit"}]', 1772384400000000, NULL, NULL, NULL);
