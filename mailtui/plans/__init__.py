"""What would change: pure functions from accounts, answers and facts to a Plan; no clock, no network."""
