"""Measures: functions on a recording."""
