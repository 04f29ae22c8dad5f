"""やさしい日本語 (``ja-simple``): furigana on every kanji, and how hard a text is to read.

The studio's side only; it needs the extra ``plain`` (fugashi and unidic-lite).
"""
