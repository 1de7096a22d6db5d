-- What engines said against something, by lines of the hosts' journals: what engines of one name say by the same
-- rule about the same thing on one day is one row, on whichever hosts. So many rows a day, and so many of one
-- host, that a look over all of them is short: ObjectionStore.
create table objection (
  -- When the lines were kept: days since the epoch, UTC.
  day integer not null,
  -- A digest of what it is about, below: that may be longer than what an index takes.
  what varchar(64) not null,
  engine varchar(80) not null,
  -- What a mark of it may cover: all of the rule, the path, the content; each empty if it is not known.
  of_rule varchar(64) not null,
  of_path varchar(64) not null,
  of_content varchar(64) not null,
  -- On whose account the row is.
  first_host varchar(32) not null references host (id),
  -- How often it would have denied or denied, and how often it reported a finding.
  denied bigint not null,
  found bigint not null,
  -- 1 if a mark covers it.
  marked integer not null,
  primary key (day, what)
);
create index objection_of_host on objection (day, first_host);
create index objection_of_rule on objection (of_rule);
create index objection_of_path on objection (of_path);
create index objection_of_content on objection (of_content);

-- What is older than the owner keeps it is found by this.
create index record_of_time on record (kept_millis);

-- What people say was no threat.
create table mark (
  id integer primary key,
  engine varchar(80) not null,
  rule text not null,
  -- A path or the digest of a content; empty for all that this rule says.
  subject text not null,
  -- A digest of these three, as above.
  covers varchar(64) not null unique,
  note varchar(256) not null,
  made_by varchar(64) not null,
  made_millis bigint not null
);
