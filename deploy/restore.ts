import { loadDatabase } from './backup/load.ts'
import { readManifest } from './backup/manifest.ts'
import { command, placeOf } from './backup/place.ts'
import { markRestored } from './backup/restored.ts'

/* Loads a backup into an empty database: `npm run restore -- --remote --database NAME FOLDER`. docs/backup.md is its guide. */
await command(async () => {
  const { open, migrations, folder } = placeOf(process.argv.slice(2), { use: 'replace', takes: 'folder' })
  // A database is not replaced for the sake of a damaged backup.
  const { at } = await readManifest(folder)
  const database = await open()
  await loadDatabase(database, folder, migrations, console.log)
  await markRestored(database, Date.now())
  console.log(`${database.name} has the state of ${at}. What was decided since comes back while Muster runs.`)
  database.close()
})
