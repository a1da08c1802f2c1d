"""Taking rows out of the portal: workbooks that spreadsheets open, written as they go."""
