"""Lists of choices that the company extends: added to, renamed, put in order, retired."""
