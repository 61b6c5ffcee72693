"""What a policy is as a document, how two differ, and how one reads as a file. Pure."""
