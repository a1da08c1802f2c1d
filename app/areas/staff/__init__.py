"""Staff: what people are taught and how they are led."""
