-- What OCSF calls the class of a line; 0 where it is not known.
alter table record add column class_uid integer not null default 0;
create index record_of_class on record (class_uid, kept_millis);
