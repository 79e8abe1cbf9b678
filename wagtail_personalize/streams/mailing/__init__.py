"""What leaves the house by e-mail: the outbox, digests, single messages and how one gets rid of them."""
