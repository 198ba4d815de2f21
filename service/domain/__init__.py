"""What the product talks about: plain values with no framework behind them."""
