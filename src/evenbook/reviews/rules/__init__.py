"""What a review says, who is held back, which opening counts. Pure: facts and policy in, answers out."""
