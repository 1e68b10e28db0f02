"""The exact twin: what the simulation must give, by quadrature and transforms instead of draws."""
