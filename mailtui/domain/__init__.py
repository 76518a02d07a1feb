"""Values everybody shares: frozen, checked when made, standard library only."""
