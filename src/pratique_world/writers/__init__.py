"""The formats in which the world hands its cargo out: CUSCAR, ASYCUDA World XML, a plain table."""
