"""政通 Zhengtong: a complete e-government system."""
