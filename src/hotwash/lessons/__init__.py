"""The lessons process: what is observed, what follows, and whether it was shown to work. No file, no clock, no dice."""
