"""The course of events: what was told of it, what still stands, occasions, states, and what cannot be."""
