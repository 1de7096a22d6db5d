-- The hours in which hosts with a label may be updated.
create table maintenance_window (
  label varchar(64) primary key,
  -- JSON
  hours varchar(512) not null,
  made_by varchar(64) not null,
  made_millis bigint not null
);

-- The rings of a rollout that has its own: JSON.
alter table rollout add column rings text;
