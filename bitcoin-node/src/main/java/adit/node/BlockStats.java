package adit.node;

import adit.pow.Hash;

/// What one block of the best chain paid its miner.
public record BlockStats(Hash hash, int height, long subsidySats, long feesSats) {}
