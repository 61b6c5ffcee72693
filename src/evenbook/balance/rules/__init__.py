"""What may go to whom, what that costs, and what an answer says: pure, from books and policy to proposals."""
