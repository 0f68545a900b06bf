"""OpenStreetMap data, geometry, street networks and travel times.

Knows nothing of the social space: what a meeting place is, is said in ``layers``.
"""
