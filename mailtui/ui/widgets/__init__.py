"""What screens are made of: data goes down as reactives, news comes up as messages."""
