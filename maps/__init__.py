"""Pictures of a snapshot: the web map, its base map, legend and symbols."""
