-- What is rolled out, and the journal of events that drives it: what the controller was told, in order, with
-- the times at which it was told. From both the controller comes back as it was.
create table rollout (
  id integer primary key,
  vendor varchar(64) not null,
  engine varchar(128) not null,
  name varchar(64) not null,
  version bigint not null,
  digest varchar(64) not null,
  channel varchar(16) not null,
  soak_seconds integer not null,
  holdback double precision not null,
  -- Draws the rings; nobody is told.
  salt bigint not null,
  made_by varchar(64) not null,
  made_millis bigint not null,
  -- Before which line of the journal it begins.
  begins_before bigint not null,
  -- When it was put aside; null while it is driven.
  ended_millis bigint
);

-- One line for all that came within a moment: JSON.
create table fleet_event (
  sequence bigint primary key,
  at_seconds bigint not null,
  events text not null
);

-- The numbers by which the controller knows sites and kinds of hardware.
create table trait (
  what varchar(8) not null,
  name varchar(512) not null,
  number integer not null,
  primary key (what, name)
);

-- Every lease that was signed. The counter rises with each of a host's enrolment.
create table lease (
  host varchar(32) not null references host (id),
  counter bigint not null,
  rollout integer not null references rollout (id),
  -- The controller's own number of it.
  lease integer not null,
  granted_millis bigint not null,
  primary key (host, counter)
);

-- What the owner has said that holds for every rollout: a vendor of whom nothing is activated, a host
-- that stays as it is.
create table standing_order (
  what varchar(16) not null,
  subject varchar(128) not null,
  made_by varchar(64) not null,
  made_millis bigint not null,
  primary key (what, subject)
);

-- What became of a rollout is looked up each time that somebody looks at it.
create index audit_of_subject on audit (subject);
