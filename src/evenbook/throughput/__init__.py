"""The weekly seven: what a week's work is against what can be held well, how soon a risk is answered."""
