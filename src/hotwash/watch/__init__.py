"""Watch exercises: staged from a scenario or an incident, kept from a seat that sees what the sensors tell."""
