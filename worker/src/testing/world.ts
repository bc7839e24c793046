import { env as bindings } from 'cloudflare:workers'
import { Muster } from './muster.ts'

export { FILE_URL, type Remote } from './muster.ts'

/** A Muster on the real D1 and R2. */
export class World extends Muster {
  /** A new Muster with an administrator; the database must be empty. */
  static start(): Promise<World> {
    return new World(bindings).begin()
  }
}
