"""The order that labels have: steps of a scale, ages, months, grades."""
