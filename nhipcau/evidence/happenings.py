"""What activities announce becomes evidence here."""
