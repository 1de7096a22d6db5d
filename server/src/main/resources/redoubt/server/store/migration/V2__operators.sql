-- People and programs that use the server. The tokens themselves are nowhere: only their digests.
create table operator (
  name varchar(64) primary key,
  role varchar(16) not null,
  token_digest varchar(64) not null unique,
  made_by varchar(64) not null,
  made_millis bigint not null
);
