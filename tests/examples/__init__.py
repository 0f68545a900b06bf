"""Tests of the bundled examples."""
