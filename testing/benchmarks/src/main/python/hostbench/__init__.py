"""The host benchmark: what a decision in user mode costs the programs of a host.

Owns: the scratch file system, the listeners under test, the workloads, the statistics and the report.
Never: marks a file system other than its own scratch one, changes the machine's configuration, leaves a
mount behind. Start reading at `session.py`.
"""
