"""From a profile and an intent to candidates, by searches under the grammar."""
