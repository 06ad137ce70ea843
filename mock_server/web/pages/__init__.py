"""The pages for people under `/_mock/`, and the files that they share with the portal page. The service has no such pages."""
