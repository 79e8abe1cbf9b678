"""The pages of the intranet: start page, news, places, teams and handbook."""
