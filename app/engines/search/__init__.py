"""Search: an indexed table of tokens to rows, so that names are found by any part, by pinyin initials and by number."""
