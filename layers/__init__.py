"""The social space: taxonomy, places, layers, access indicators and snapshots."""
