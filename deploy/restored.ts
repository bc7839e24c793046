import { setTimeout as wait } from 'node:timers/promises'
import { applyMigrations, lastMigration } from './backup/migrations.ts'
import { command, placeOf } from './backup/place.ts'
import { markRestored } from './backup/restored.ts'
import { goBack } from './backup/time-travel.ts'

/*
 * Takes the database back to an earlier time, `npm run restored -- --remote --to TIME`, or tells Muster that somebody else has:
 * `npm run restored -- --remote`. docs/backup.md is its guide.
 */
await command(async () => {
  const { open, migrations, to } = placeOf(process.argv.slice(2), { use: 'change', takes: 'time' })
  const database = await open()
  if (to !== null) {
    console.log('It begins in the middle of a minute, between two ticks of the cron.')
    const bookmark = await goBack(database, to, { now: Date.now, wait })
    console.log(`${database.name} is as it was at ${to}. The state before has the bookmark ${bookmark}.`)
    console.log('If this breaks off, run it again at once without --to.')
  }
  // The time that it was restored to may be before an update.
  const before = migrations.upTo(await lastMigration(database))
  await applyMigrations(database, migrations, migrations.names.slice(before.length))
  await markRestored(database, Date.now())
  console.log(`${database.name} is ready to be used. What was decided since comes back while Muster runs.`)
  database.close()
})
