"""Calls, composed: what a transaction asks of the chain, not yet encoded for any runtime.

One module for each pallet, one function for each call: ``calls.evaluation.accept(7, key)``.
"""

from offchain.chain.calls import authority, balances, datasets, evaluation, models, proxy, system, utility
from offchain.chain.calls._call import Call

__all__ = ["Call", "authority", "balances", "datasets", "evaluation", "models", "proxy", "system", "utility"]
