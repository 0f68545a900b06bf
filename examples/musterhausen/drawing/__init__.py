"""The fictional town of Musterhausen, drawn street by street and house by house.

Everything is drawn in a plane of its own, in metres: x to the east, y to the north, with
the origin a little north of the market. ``frame`` alone knows where that plane lies on
the globe.
"""
