"""Claims: what an application is (types), how claims arise (plan), how they are drawn (sampling)."""
