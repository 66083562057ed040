"""The long proofs: `./run prove NAME` runs the module of that name and believes only what it saw."""
