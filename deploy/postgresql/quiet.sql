-- What PostgreSQL writes into its log about Tertulia's database: that a connection failed, and nothing that was asked.
-- Without this, a statement that fails is written down with names and texts in it. To be run by the superuser.
ALTER DATABASE tertulia SET log_min_messages = 'fatal';
ALTER DATABASE tertulia SET log_min_error_statement = 'panic';
ALTER DATABASE tertulia SET log_error_verbosity = 'terse';
ALTER DATABASE tertulia SET log_statement = 'none';
ALTER DATABASE tertulia SET log_min_duration_statement = -1;
ALTER DATABASE tertulia SET log_min_duration_sample = -1;
ALTER DATABASE tertulia SET log_transaction_sample_rate = 0;
ALTER DATABASE tertulia SET log_parameter_max_length = 0;
ALTER DATABASE tertulia SET log_parameter_max_length_on_error = 0;
ALTER DATABASE tertulia SET log_lock_waits = off;
ALTER DATABASE tertulia SET log_temp_files = -1;
-- When one of its processes is killed, the server writes down what that was running, however quiet the rest is; so none says.
ALTER DATABASE tertulia SET track_activities = off;
