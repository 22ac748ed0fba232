"""What was planned: plan, phases, objectives, indicators, targets, milestones, directions."""
