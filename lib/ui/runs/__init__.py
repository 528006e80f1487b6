"""What /train, /draw and every other page that trains share: runs, whose they are, what they are called."""
