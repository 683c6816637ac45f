"""The parity suite: the same program run with torch and with minigrad, and everything visible compared."""
