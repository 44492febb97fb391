"""Drones that fly: airframes, weather, rigid bodies in air."""
