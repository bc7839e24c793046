// Loaded before a program that Muster starts. When Muster ends, for whatever reason, the program ends too.
process.once('disconnect', () => process.exit(0))
