"""Pages of the weekly seven and of what came of interventions."""
