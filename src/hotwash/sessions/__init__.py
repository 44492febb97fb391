"""Exercises that a person flies at the speed of the clock."""
