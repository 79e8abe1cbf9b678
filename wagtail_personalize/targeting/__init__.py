"""Who sees what: audiences, visibility, blocks and previews."""
