"""Help while the YAML is edited by hand: where the cursor is, what may stand there, what it means, what is wrong.

Everything here is a pure function of the text and of the base on disk; `kb.language.server` speaks the protocol.
"""
