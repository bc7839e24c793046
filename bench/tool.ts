/** A version of the remote file. */
export interface Version {
  /** Where it is on this machine. */
  path: string
  bytes: Uint8Array
  /** What a web server calls it; a version asked for again under the same name is answered with 304. */
  etag: string
}

/** What it took to bring a directory into step with a version. */
export interface Loaded {
  seconds: number
  /** How many contacts (of other tools: records) it wrote; null where the tool does not say. */
  written: number | null
}

/** One directory of a tool, empty at first. */
export interface Session {
  load(version: Version): Promise<Loaded>
  close(): Promise<void>
}

/** Muster, or what a person would use instead. Each is one file here and one line in `import.ts`. */
export interface Tool {
  name: string
  /** What is not installed that the tool needs, as a sentence; null where all is there. */
  missing(): Promise<string | null>
  /** Makes an empty directory in an empty folder. */
  open(folder: string): Promise<Session>
}
