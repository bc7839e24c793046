import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { authorisationTable } from '../worker/src/api/authorisation.ts'

/** Writes docs/authorisation.md from the routes (`npm run authorisation`). A test compares the file with what the API does. */
writeFileSync(join(import.meta.dirname, 'authorisation.md'), authorisationTable())
