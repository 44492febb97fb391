"""Statements against evidence: what each claim is worth, and which claims cannot stand together."""
