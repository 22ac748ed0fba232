"""The suite: one folder a room, journeys across rooms, a real browser, the rules of the house."""
