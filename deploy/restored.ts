import { applyMigrations, lastMigration } from './backup/migrations.ts'
import { command, placeOf } from './backup/place.ts'
import { markRestored } from './backup/restored.ts'

/* Tells Muster that its database was restored to an earlier time: `npm run restored -- --remote`. docs/backup.md is its guide. */
await command(async () => {
  const { open, migrations } = placeOf(process.argv.slice(2), { use: 'change', takesFolder: false })
  const database = await open()
  // The time that it was restored to may be before an update.
  const before = migrations.upTo(await lastMigration(database))
  await applyMigrations(database, migrations, migrations.names.slice(before.length))
  await markRestored(database, Date.now())
  console.log(`${database.name} is ready to be used. What was decided since comes back while Muster runs.`)
  database.close()
})
