"""System checks: wrong wiring is told at start-up, with what to do."""
