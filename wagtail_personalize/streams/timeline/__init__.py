"""What reaches somebody: the items of all their sources in one list, the newest first."""
