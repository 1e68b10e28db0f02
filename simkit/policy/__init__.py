"""The policy: its schema, its checks, its compiler; plain data, no arrays."""
