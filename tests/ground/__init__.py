"""The ground that tests stand on: a data folder of their own, and a database made once and copied."""
