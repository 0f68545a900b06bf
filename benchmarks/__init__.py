"""Benchmarks and comparisons on real data; see each file for how to run it."""
