"""What is written and published: articles, sections, pictures and documents, in Wagtail."""
