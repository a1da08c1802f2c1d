"""Paper: prints with copies and recipients, watermark and log, PDF."""
