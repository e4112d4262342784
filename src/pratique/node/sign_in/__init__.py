"""Signing in at work: attempts, second factors, sessions, and passwords that others have lost."""
