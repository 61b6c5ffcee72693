"""What the sizing equation and the headcount plan decide: pure."""
