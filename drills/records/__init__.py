"""What is kept: the database and the drills' folders."""
