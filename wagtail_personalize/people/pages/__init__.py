"""The pages on which colleagues find each other and everybody keeps their own profile."""
