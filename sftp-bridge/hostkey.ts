import { Failure } from '../worker/src/core/failure.ts'

/**
 * A server that is not, or no longer, the confirmed one, with the fingerprint that it showed. This file uses no Node
 * API, since the Worker imports it too.
 */
export class HostKeyFailure extends Failure {
  readonly hostKey: string

  /** `pinned` is the expected fingerprint, or null if none has been confirmed yet. */
  constructor(shown: string, pinned: string | null) {
    if (pinned === null) {
      super(
        'host_key_unknown',
        `The server’s host key has not been confirmed yet. It shows ${shown}.`,
        'Compare the fingerprint with the one from the server’s administrator, then confirm it.',
      )
    } else {
      super(
        'host_key_changed',
        `The server’s host key has changed: ${pinned} was confirmed, and it now shows ${shown}.`,
        'Ask the server’s administrator whether the key was replaced. Confirm the new fingerprint only if they say so: otherwise somebody may be impersonating the server.',
      )
    }
    this.hostKey = shown
  }
}
