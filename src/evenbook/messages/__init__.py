"""What leaves for people's inboxes: an outbox of mails, each sent once as far as a mail server can tell."""
