"""Plans, phases, objectives, indicators and directions."""
