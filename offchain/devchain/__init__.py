"""The embedded chain: Assay's runtime under a host of our own, with blocks, a pool and JSON-RPC, in one process."""
