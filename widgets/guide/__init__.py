"""The guide: articles in plain words, searched, with drawings of the templates they speak of.

`page.GuidePage` shows them; nothing of it is imported before it is wanted.
"""
