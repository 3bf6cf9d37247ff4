"""The drill room in the browser: pages, the API behind them, and the streams that keep them live."""
