"""How long a bundle takes at the door, by the number of its rules."""
