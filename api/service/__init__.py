"""The service: start page, map, files, and the layers as OGC API Features."""
