"""Cases kept from the people they are about, and the identity of whoever told of it."""
