-- What operators want to be done on hosts, and what became of it.
create table host_command (
  host varchar(32) not null references host (id),
  -- Rises with each command of a host, from 1.
  id bigint not null,
  operator varchar(64) not null,
  -- The action as JSON.
  action text not null,
  made_millis bigint not null,
  expires_millis bigint not null,
  done_millis bigint,
  -- 1 if it was done, 0 if not; null while that is not known.
  done integer,
  outcome varchar(1024),
  primary key (host, id)
);
