"""Risk profiles over their life: their texts, what they did so far, and what a draft would do."""
