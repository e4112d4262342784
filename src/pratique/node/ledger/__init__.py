"""The node's log: leaves, their order, checkpoints, proofs, and whether all of it still holds."""
