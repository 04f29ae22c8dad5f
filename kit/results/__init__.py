"""What a room learned, from the anonymous answer files its participants chose to hand in.

:mod:`kit.results.answers` reads the files, :mod:`kit.results.summary` counts without pointing at
anybody, :mod:`kit.results.page` writes the facilitator's page and the case card.
"""
