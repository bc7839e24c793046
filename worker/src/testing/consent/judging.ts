import type { Page } from '../../api/views/answer.ts'
import type { ContactView, GroupView, RecipientView } from '../../api/views/contact.ts'
import type { Muster } from '../muster.ts'
import { type Contact, contactOf, type Directory } from './person.ts'
import type { Rules } from './rules.ts'

/** Reads the directory through the API, and compares it with the rules. */
export class Judge {
  readonly #world: Muster
  readonly #rules: Rules
  /** The directory, if nothing has happened since it was read. */
  #fresh: Directory | null = null
  #group: string | null = null

  constructor(world: Muster, rules: Rules) {
    this.#world = world
    this.#rules = rules
  }

  /** Returns the contacts that the API shows. */
  async read(): Promise<Directory> {
    const { items } = await this.#world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    this.#fresh = new Map(items.map((view) => [view.key, contactOf(view)]))
    return this.#fresh
  }

  /** Throws if the API does not show the statuses and the recipients that follow from the rules. */
  async judge(): Promise<void> {
    const contacts = [...(this.#fresh ?? (await this.read())).values()]
    this.#fresh = null
    for (const contact of contacts) judgeStatus(contact, this.#rules)
    judgeRecipients(contacts.length === 0 ? [] : await this.#recipients(), contacts, this.#rules)
    for (const contact of contacts) if (contact.status === 'opted_out') await judgeDecisions(this.#world, contact)
  }

  /** Throws if a value that was just written to a CRM is not the status that follows from the rules. */
  judgeWrite(contact: Contact, value: string): void {
    const out = this.#rules.contactOut(contact)
    if ((out === 'out' && value === 'Y') || (out === 'not' && value === 'N'))
      throw new Error(`wrote: ${value} to the record of ${contact.name}, who is ${out}`)
  }

  /** Returns the numbers to which a text to everybody goes. */
  async #recipients(): Promise<string[]> {
    const ask = () => this.#world.request('GET', `/api/groups/${this.#group}/recipients?channel=sms&limit=500`)
    let response = this.#group === null ? null : await ask()
    if (response === null || response.status === 404) {
      const { items } = await this.#world.api<Page<GroupView>>('GET', '/api/groups')
      this.#group = items.find(({ name }) => name === 'All')?.id ?? null
      response = await ask()
    }
    const { items }: Page<RecipientView> = await response.json()
    return items.flatMap(({ number }) => number ?? [])
  }
}

function judgeStatus(contact: Contact, rules: Rules): void {
  const { owner, id, name, numbers, status } = contact
  const who = `${name} (${owner} ${id}, ${numbers.join(' ')})`
  const out = rules.contactOut(contact)
  if (out === 'out' && status !== 'opted_out') throw new Error(`re-subscribed: ${who} opted out and is ${status}`)
  if (out === 'not' && status === 'opted_out') throw new Error(`silenced: ${who} is opted_out, and nothing says so`)
  const { optedIn, eitherIn } = rules.ledger.memory(contact.key)
  const ought = optedIn ? 'opted_in' : 'unknown'
  if (status !== 'opted_out' && !eitherIn && status !== ought)
    throw new Error(`status: ${who} is ${status}, not ${ought}`)
}

function judgeRecipients(reached: readonly string[], contacts: readonly Contact[], rules: Rules): void {
  const mobiles = new Set(contacts.flatMap(({ numbers, types }) => numbers.filter((_, i) => types[i] === 'mobile')))
  for (const number of mobiles) {
    const out = rules.unreachable(number)
    const has = contacts
      .filter(({ numbers }) => numbers.includes(number))
      .map(({ name, owner, id }) => `${name} (${owner} ${id})`)
    if (out === 'out' && reached.includes(number))
      throw new Error(`re-subscribed: a text goes to ${number} of ${has.join(', ')}, which is out`)
    if (out === 'not' && !reached.includes(number))
      throw new Error(`silenced: no text goes to ${number} of ${has.join(', ')}, and nobody opted out`)
  }
  const others = reached.filter((number) => !mobiles.has(number))
  if (others.length > 0) throw new Error(`A text goes to ${others.join(', ')}, which nobody has as a mobile number`)
}

/** A decision as the API shows it. */
interface DecisionView {
  status: string
  number: string | null
}

/** Throws unless a current decision explains that a contact is out. The API may not have the decisions yet. */
async function judgeDecisions(world: Muster, { key, name, numbers }: Contact): Promise<void> {
  const response = await world.request('GET', `/api/contacts/${key}/consent`)
  if (response.status === 404) return
  const { status, current }: { status: string; current: DecisionView[] } = await response.json()
  const explains = current.some(
    (one) => one.status === 'opted_out' && (one.number === null || numbers.includes(one.number)),
  )
  if (status !== 'opted_out' || !explains)
    throw new Error(
      `not explained: ${name} is out, and the current decisions are ${JSON.stringify({ status, current })}`,
    )
}
