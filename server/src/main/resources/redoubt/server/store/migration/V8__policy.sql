-- What may run on hosts whatever engines say.
create table exemption (
  id integer primary key,
  -- A digest, a path or a package.
  subject varchar(512) not null,
  -- Whose word it outweighs; * for that of every engine.
  engine varchar(64) not null,
  -- Which hosts it is for; empty for all.
  label varchar(64) not null,
  -- When it ends; 0 if it does not.
  until_millis bigint not null,
  note varchar(256) not null,
  made_by varchar(64) not null,
  made_millis bigint not null
);

-- How often that has changed, in one row.
create table policy (
  version bigint not null
);
insert into policy (version) values (0);
