/// What there is on a host, as tables.
///
/// *What this room is:* the tables of `redoubt inventory`, each with the name and the columns that
/// osquery's schema gives them, so that what takes the one takes the other. *Owns:* which tables
/// there are, and how each is read. *Never:* changes anything; starts a program; asks the agent;
/// follows a link below a folder that users write. *Hands off to:* [redoubt.core.linux] for the
/// kernel's files. *Threads:* one. *Limits:* [InventoryTable#MOST_ROWS] rows of a table; a value
/// has 4,096 characters at most. *Start reading at:* [Inventory].
package redoubt.cli.inventory;
