"""What is worth seeing: strong relations, what a table is asked, what people draw and keep."""
