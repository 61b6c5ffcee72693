"""What each page of the desk shows, gathered from the slices; the viewer comes first everywhere."""
