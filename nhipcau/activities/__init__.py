"""What is done: activities with their sessions, speakers and changes."""
