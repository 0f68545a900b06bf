"""The doors: the command line and the build that joins all the parts."""
