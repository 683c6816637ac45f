"""Ordinary programs, run as they are."""
