"""Awards: claims decided by the policy in order, the outlays that follow, the budget that holds them."""
