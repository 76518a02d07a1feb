"""The directory into the cache: a full read, staged and then swapped in."""
