"""Who may come in, and what each may see and do: keys, users, sessions, permissions, reach.

Everything that answers a question about people asks here first, whether it was asked through the API or on a page.
"""
