"""What people are told: notices, each person's notifications, the bell, and what everybody chose to be told."""
