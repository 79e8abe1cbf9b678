"""Journey stages: where people stand on their way through the company, by days since the hire date and by events."""
