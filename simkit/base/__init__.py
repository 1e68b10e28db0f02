"""What every room stands on: money, days, random numbers by address, arrays, compiled code, words, whole files."""
