"""The centre's folder: SQLite for people, lessons and attempts; Parquet for recordings.

    DIR/ centre.db       people, lessons with their history, objectives, attempts, scores, and a seal over each
         anchors.log     the latest hash of each lesson's history and of the seals, apart from the database
         recordings/     a folder for each attempt
         incidents/      accounts of incidents with their bundles, numbered

`centre` opens it; each function of the other modules works on it in one transaction.
"""
