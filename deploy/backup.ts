import muster from '../package.json' with { type: 'json' }
import { copyDatabase } from './backup/copy.ts'
import { command, placeOf } from './backup/place.ts'

/* Copies the database into a folder: `npm run backup -- --remote FOLDER`. docs/backup.md is its guide. */
await command(async () => {
  const { open, migrations, folder } = placeOf(process.argv.slice(2), { use: 'read', takes: 'folder' })
  const database = await open()
  const { tables } = await copyDatabase(database, folder, { migrations, version: muster.version }, console.log)
  console.log(`${folder} has the ${Object.keys(tables).length} tables of ${database.name}.`)
  database.close()
})
