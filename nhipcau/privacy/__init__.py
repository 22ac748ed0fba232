"""Personal data: what each form collects and why, what a person may ask, and by when the answer is due."""
