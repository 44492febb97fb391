"""Skills: what a subject has shown, what comes next, and how hard a task is. No file, no clock, no dice."""
