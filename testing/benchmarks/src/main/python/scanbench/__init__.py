"""What looking at files costs: `redoubt scan` beside yara, clamscan and clamdscan, on the same files and rules."""
