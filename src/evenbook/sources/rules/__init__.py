"""What an import decides, pure: which table a file is, what its columns mean, what has to be asked."""
