"""Who signs in: users, teams as a tree, roles, and the viewer that every public query takes."""
