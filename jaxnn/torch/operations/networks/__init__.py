"""Layers of networks that are operations of their own."""
