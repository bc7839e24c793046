import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { costsPage } from './costs/page.ts'

/* Prints what a month costs, or writes docs/costs.md: `npm run costs -- --write`. */
if (process.argv.includes('--write')) writeFileSync(resolve(import.meta.dirname, '../docs/costs.md'), costsPage())
else console.log(costsPage())
