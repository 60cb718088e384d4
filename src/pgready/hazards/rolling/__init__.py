"""Rolling deploys: what the version that still runs needs of the catalog, and which migration takes it away. Pure."""
