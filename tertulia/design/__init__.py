"""The look: tokens, base templates, components."""
