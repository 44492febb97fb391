"""Skills: what a subject has shown, what to do next, and how hard a task is. No file, no clock, no dice."""
