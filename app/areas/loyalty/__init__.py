"""Loyalty: VIP classes, purchases, profiles, referrals, contact and hand-over of a shop's customers."""
