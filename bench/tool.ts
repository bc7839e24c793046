import type { FileType } from './files.ts'
import type { Cost } from './inspector.ts'
import type { Version, Work } from './works.ts'

/** The result of one load, which updates a directory to a version. */
export interface Loaded {
  seconds: number
  /** How many contacts the tool wrote; null if it does not report a number. */
  contacts: number | null
  /** Null if the load was not observed. */
  cost: Cost | null
}

/** One directory of a tool, empty at first. */
export interface Session {
  load(version: Version): Promise<Loaded>
  close(): Promise<void>
}

/** Muster, or a tool that a person would use instead. Each is one file here and one line in `import.ts`. */
export interface Tool {
  name: string
  /** What the tool does with a file, in a sentence for the reader of the figures. */
  does: string
  /** The types of file that the tool takes. */
  takes: readonly FileType[]
  /** The most rows that the tool can load in an acceptable time; no limit if undefined. */
  mostRows?: number
  /** The works that the tool can do. */
  works: readonly Work[]
  /** Returns a sentence that names what the tool needs and the machine lacks; null if nothing is missing. */
  missing(): Promise<string | null>
  /** Whether the tool can be observed at work, which slows it down. */
  watchable?: true
  /** Makes an empty directory in an empty folder. */
  open(folder: string, watched: boolean): Promise<Session>
}
