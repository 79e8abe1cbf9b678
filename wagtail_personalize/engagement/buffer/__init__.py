"""An optional buffer in Redis: beacons wait there until a worker stores them in shuffled batches."""
