"""Who sits in an exercise: what a seat sees and what it may command."""
