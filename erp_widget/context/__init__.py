"""What is known of one chart while it is drawn and told: names, numbers, orders, looks."""
