"""What watching processes costs: Redoubt with rules beside Redoubt without, at paced rates of program starts."""
