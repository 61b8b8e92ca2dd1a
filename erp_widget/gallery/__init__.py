"""The gallery: recommended charts in their order, in the browser and without a kernel."""
