import { parseArgs } from 'node:util'
import { type Level, soak } from './soak/soaking.ts'

/*
 * Imports again and again into one local system, and measures what grows: `npm run soak`. Memory, open files and disk
 * are read from the running processes, so it works only on Linux.
 */
const USAGE = `npm run soak -- [--imports 1000] [--contacts 1000] [--every 50]
  --imports   how many imports to make, each with some changes
  --contacts  how many contacts the file has
  --every     after how many imports to measure`

const { values } = parseArgs({
  options: {
    imports: { type: 'string', default: '1000' },
    contacts: { type: 'string', default: '1000' },
    every: { type: 'string', default: '50' },
  },
})

function whole(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new Error(`\n${USAGE}\n`)
}

const MB = 1024 * 1024
const show = ({ imports, runtime, collected, node, runtimeFiles, nodeFiles, disk, objects }: Level) =>
  `${String(imports).padStart(6)} imports: runtime ${Math.round(runtime / MB)} MB and ${runtimeFiles} open files, Node ${Math.round(node / MB)} MB and ${nodeFiles}, disk ${(disk / MB).toFixed(1)} MB in ${objects} files${
    collected === null
      ? ''
      : `; after a collection the runtime ${Math.round(collected.runtime / MB)} MB, its objects ${(collected.objects / MB).toFixed(1)} MB`
  }`

const levels: Level[] = []
for await (const level of soak(whole(values.imports), whole(values.contacts), whole(values.every))) {
  levels.push(level)
  console.log(show(level))
}
const warm = levels.find(({ collected }) => collected !== null)
const last = levels.at(-1)
if (warm?.collected && last?.collected) {
  const imports = last.imports - warm.imports
  const growth = (before: number, after: number) => `${((after - before) / MB).toFixed(1)} MB`
  console.log(
    `From import ${warm.imports} to ${last.imports}, after a collection: runtime ${growth(warm.collected.runtime, last.collected.runtime)}, ` +
      `its objects ${growth(warm.collected.objects, last.collected.objects)}; Node ${growth(warm.node, last.node)}, ` +
      `${last.runtimeFiles - warm.runtimeFiles + last.nodeFiles - warm.nodeFiles} open files, ` +
      `${((last.disk - warm.disk) / 1024 / Math.max(1, imports)).toFixed(1)} KB of disk an import.`,
  )
}
