/**
 * Who did something, as it is stored with what they did. The kind and the ID say who it was; the label is for readers, and
 * stays readable when the user or the token is gone.
 */
export interface Author {
  /** A person who is signed in, a system with an API token, or Muster itself. */
  kind: 'person' | 'token' | 'muster'
  /** The ID of the user or the token; null if there is none. */
  id: string | null
  label: string
}

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
