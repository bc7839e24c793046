import { resolve } from 'node:path'
import { runProgram } from './program.ts'
import type { Tool } from './tool.ts'

const PROGRAM = resolve(import.meta.dirname, 'read-workbook.ts')

/** The library with which a Node program would read a workbook, and Muster's own reader: reading only, no import. */
export const readers: Tool[] = [
  reader('SheetJS, reading', 'sheetjs', 'reads the whole workbook into rows in Node, and nothing else'),
  reader('Muster, reading', 'muster', "Muster's own reader alone, in Node: the same rows, as a stream"),
]

function reader(name: string, by: string, does: string): Tool {
  return {
    name,
    does,
    takes: ['xlsx'],
    works: ['first import'],
    missing: async () => null,
    // Each reading has its own process, so that no reading uses the memory or the compiled code of another.
    open: async () => ({
      load: async ({ path }) => ({
        seconds: Number(await runProgram(process.execPath, [PROGRAM, by, path])),
        contacts: null,
        cost: null,
      }),
      close: async () => {},
    }),
  }
}
