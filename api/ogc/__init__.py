"""OGC API Features over the layers of a snapshot."""
