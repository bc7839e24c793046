import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, relative, resolve } from 'node:path'

/**
 * Matches a place in the Worker as the runtimes write it: with the module's address here, with only its name at
 * Cloudflare.
 */
const PLACE = /(?:file:\/\/[^\s()]*\/)?\bindex\.js:(\d+):(\d+)/g

/**
 * Returns a function that replaces each place in the built Worker, such as `index.js:104:18929` in a stack trace, with
 * the file and line of the sources, relative to `root`. The source map is read at the first place, because it is large
 * and errors are rare.
 */
export function sourcePlaces(worker: string, root: string): (text: string) => string {
  let map: SourceMap | null = null
  return (text) =>
    text.replace(PLACE, (place, line, column) => {
      map ??= new SourceMap(JSON.parse(readFileSync(`${worker}.map`, 'utf8')))
      const origin = map.findOrigin(Number(line), Number(column))
      if (!('fileName' in origin)) return place
      const file = relative(root, resolve(dirname(worker), origin.fileName))
      return `${file}:${origin.lineNumber}:${origin.columnNumber}`
    })
}
