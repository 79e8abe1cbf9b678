"""Which of them: rules, memberships and the viewer."""
