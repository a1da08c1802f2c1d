"""Archives: papers and files that were put away, with place, keeper and retention."""
