"""What fills the sample intranet: people, segments, pages and pictures. Demonstration only."""
