import type { FileType } from './files.ts'
import type { Cost } from './inspector.ts'
import type { Version, Work } from './works.ts'

/** What it took to bring a directory into step with a version. */
export interface Loaded {
  seconds: number
  /** How many contacts it wrote; null where the tool does not say. */
  contacts: number | null
  /** Null where nobody watched. */
  cost: Cost | null
}

/** One directory of a tool, empty at first. */
export interface Session {
  load(version: Version): Promise<Loaded>
  close(): Promise<void>
}

/** Muster, or what a person would use instead. Each is one file here and one line in `import.ts`. */
export interface Tool {
  name: string
  /** What it does with a file, in a sentence for the reader of the figures. */
  does: string
  /** The files it can take. */
  takes: readonly FileType[]
  /** How many rows it can take in a time that anybody would wait for; any number where it is not said. */
  mostRows?: number
  /** Which works it can be asked for. */
  works: readonly Work[]
  /** What is not installed that the tool needs, as a sentence; null where all is there. */
  missing(): Promise<string | null>
  /** Whether it can be watched at work, which slows it down. */
  watchable?: true
  /** Makes an empty directory in an empty folder. */
  open(folder: string, watched: boolean): Promise<Session>
}
