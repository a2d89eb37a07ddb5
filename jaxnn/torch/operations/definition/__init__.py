"""How operations are defined, called and checked: what all families stand on."""
