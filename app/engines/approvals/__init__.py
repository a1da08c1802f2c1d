"""Approvals: frozen routes, steps in the names of posts, and who decided what."""
