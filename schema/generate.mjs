// Placeholder of the generator; see the next commits.
