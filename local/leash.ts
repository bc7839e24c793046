// Loaded before a program that Muster starts: when Muster is gone, however it went, so is the program.
process.once('disconnect', () => process.exit(0))
