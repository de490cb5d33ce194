"""Everything that `make test` runs beside the notebooks themselves and the doctests of the helpers."""
