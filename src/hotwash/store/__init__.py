"""The centre's folder: SQLite for what is recorded about people, lessons and attempts; Parquet for recordings.

    DIR/ centre.db       people, lessons with their history, objectives, attempts, scores
         anchors.log     the newest hash of each lesson's history, written apart from the database
         recordings/     a folder for each attempt
         incidents/      accounts of incidents with their bundles, numbered

`centre` opens it; the other modules hold what is done in it, each in one transaction.
"""
