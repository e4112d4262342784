"""The log that partners witness: salted commitments, a Merkle tree, checkpoints, cosignatures and proofs."""
