-- The same on every database: no types and no functions of one of them. Times are milliseconds since the
-- epoch; ids and digests are lower-case hexadecimal digits.

create table host (
  id varchar(32) primary key,
  -- Dense, from 0: what the rollout controller knows it by.
  number integer not null unique,
  enrolment integer not null,
  name varchar(128) not null,
  system varchar(128) not null,
  kernel varchar(128) not null,
  machine varchar(128) not null,
  model varchar(128) not null,
  processors integer not null,
  memory_mib integer not null,
  agent_version varchar(128) not null,
  site varchar(64) not null,
  device_class varchar(16) not null,
  enrolled_millis bigint not null,
  seen_millis bigint not null,
  state varchar(16) not null,
  revoked_millis bigint
);

create table label (
  host varchar(32) not null references host (id),
  name varchar(64) not null,
  primary key (host, name)
);

-- What was issued and has not expired; the plane lets nobody else in.
create table certificate (
  serial varchar(40) primary key,
  host varchar(32) not null references host (id),
  issued_millis bigint not null,
  expires_millis bigint not null
);
create index certificate_of_host on certificate (host);

-- The secret itself is nowhere: only its digest.
create table token (
  digest varchar(64) primary key,
  site varchar(64) not null,
  device_class varchar(16) not null,
  -- The host that is taken in anew; null for a new one.
  host varchar(32) references host (id),
  made_by varchar(64) not null,
  made_millis bigint not null,
  expires_millis bigint not null,
  used_millis bigint
);

-- Each line holds the digest of the one before it, so that none can be changed or left out unnoticed.
create table audit (
  sequence bigint primary key,
  at_millis bigint not null,
  actor varchar(64) not null,
  action varchar(32) not null,
  subject varchar(128) not null,
  detail varchar(1024) not null,
  digest varchar(64) not null
);

-- Lines of the hosts' journals.
create table record (
  host varchar(32) not null references host (id),
  number bigint not null,
  kept_millis bigint not null,
  line text not null,
  primary key (host, number)
);
