"""What code works out from what the model pointed at: dates, counts, places, and the words of claims."""
