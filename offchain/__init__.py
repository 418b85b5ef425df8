"""Everything Assay needs off the chain: clients, stores, cryptography, models, metrics and the embedded chain."""
