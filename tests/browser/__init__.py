"""The pages for people in a real Chromium, and their screenshots."""
