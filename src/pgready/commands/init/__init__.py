"""What a repository has, and what makes it start by pgready."""
