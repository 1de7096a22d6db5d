"""Plays all drills, whole and with a stage left out, and writes docs/drills.md and docs/drills.svg."""
