-- Where findings and the audit go beside this database.
create table output (
  id integer primary key,
  -- Where to, and how: its scheme says.
  address varchar(512) not null,
  -- What signatures are made with; empty where there are none.
  secret varchar(64) not null,
  made_by varchar(64) not null,
  made_millis bigint not null,
  -- The first that it has not got.
  next bigint not null,
  -- How many it will never get.
  lost bigint not null
);

-- What is still to be sent to one of them, in order.
create table outgoing (
  sequence bigint primary key,
  at_millis bigint not null,
  kind varchar(16) not null,
  -- JSON
  body text not null
);
