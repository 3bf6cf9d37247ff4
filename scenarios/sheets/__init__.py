"""Exercise sheets: tables of injects as teams keep them, understood, corrected and written as a draft."""
