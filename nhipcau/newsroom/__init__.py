"""What is published: for now the pictures and documents Wagtail stores."""
