"""The command line: one program, `zhengtong`, for those who set up, check and run the house."""
