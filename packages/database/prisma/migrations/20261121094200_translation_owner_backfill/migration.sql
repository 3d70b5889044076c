SET LOCAL lock_timeout = '5s';

-- Nothing but data.sql.
