SET LOCAL lock_timeout = '5s';

-- The owners stay: the column they stand in goes with the migration that made it.
