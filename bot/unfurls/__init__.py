"""Unfurls posted links to the listings behind them."""
