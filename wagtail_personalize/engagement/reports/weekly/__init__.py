"""The figures of the week for editors who asked for them: in their bell, and by e-mail as they want notifications."""
