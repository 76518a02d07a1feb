"""The console: Textual, and nothing else in mailtui knows it."""
