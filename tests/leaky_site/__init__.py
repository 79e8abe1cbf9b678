"""A site as it should not be: one view or template for each of the common ways in which what is hidden comes out."""
