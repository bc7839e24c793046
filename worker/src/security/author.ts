/**
 * Who did something, as it is stored with what they did. The kind and the ID say who it was; the label is for readers, and
 * stays readable when the user or the token is gone.
 */
export interface Author {
  kind: AuthorKind
  /** The ID of the user, of the token, or of the webhook's source; null if there is none. */
  id: string | null
  label: string | null
}

/**
 * A person who is signed in, a system with an API token, the remote side by a signed webhook, somebody who has not shown who they
 * are, or Muster itself.
 */
export const AUTHOR_KINDS = ['person', 'token', 'webhook', 'stranger', 'muster'] as const
type AuthorKind = (typeof AUTHOR_KINDS)[number]

/** Returns a user as an author. An e-mail address belongs to one user only. */
export function personAuthor({ id, email }: { id: string; email: string }) {
  return { kind: 'person', id, label: email } as const satisfies Author
}

/**
 * Returns an API token as an author. An administrator gives it any name, also an e-mail address or `contact`, so the label
 * says that it is a token: no address of a user ends like this.
 */
export function tokenAuthor({ id, name }: { id: string; name: string }) {
  return { kind: 'token', id, label: `${name} (token)` } as const satisfies Author
}

/** Returns the remote side as an author; `source`: the source whose webhook was called, null for inbound texts. */
export function webhookAuthor(source: string | null) {
  return { kind: 'webhook', id: source, label: null } as const satisfies Author
}

/** Muster itself. */
export const MUSTER = { kind: 'muster', id: null, label: 'Muster' } as const satisfies Author

/** Returns an author who has not shown who they are. `email`: the address of the user whom they say they are. */
export function stranger(email: string | null = null) {
  return { kind: 'stranger', id: null, label: email } as const satisfies Author
}
