import type { Page } from '../../api/views/answer.ts'
import type { GroupView } from '../../api/views/contact.ts'
import type { Muster } from '../muster.ts'
import type { Action } from './actions.ts'
import { insist, type Names } from './comparing.ts'
import { type Facts, groupKey, type ModelContact, same } from './directory.ts'
import type { Model } from './model.ts'
import { emailOf, numberOf, type RollPerson } from './roll.ts'

type HandAction = Extract<Action, { do: 'make' | 'edit' | 'remove' | 'rename group' | 'delete group' | 'text' }>

/** Makes manual changes to contacts and groups, on a Muster and on the model. */
export class ManualChanges {
  readonly #world: Muster
  readonly #model: Model
  readonly #names: Names

  constructor(world: Muster, model: Model, names: Names) {
    this.#world = world
    this.#model = model
    this.#names = names
  }

  async do(action: HandAction): Promise<void> {
    const { directory } = this.#model
    switch (action.do) {
      case 'make': {
        const { id } = action.person
        const taken = directory.find('hand', id)?.live === true
        const body = { id, ...written(action.person) }
        if (!(await this.#ask('POST', '/api/contacts', body, taken ? 'id_taken' : null))) return
        directory.write(id, factsOf(action.person), action.person.groups)
        return
      }
      case 'edit': {
        const contact = this.#picked(action.pick)
        if (contact === undefined) return
        const value = written({ ...action.person, id: contact.id })[action.what]
        const path = `/api/contacts/${this.#names.contacts.get(contact)}`
        if (!(await this.#ask('PATCH', path, { [action.what]: value }))) return
        const facts = { ...contact.facts, [action.what]: factsOf({ ...action.person, id: contact.id })[action.what] }
        if (same(facts, contact.facts)) return
        directory.hand++
        if (action.what === 'groups') directory.makeGroups(namesOf(action.person.groups))
        contact.facts = facts
        return
      }
      case 'remove': {
        const contact = this.#picked(action.pick)
        if (contact === undefined) return
        if (!(await this.#ask('DELETE', `/api/contacts/${this.#names.contacts.get(contact)}`))) return
        directory.hand++
        contact.live = false
        return
      }
      case 'text': {
        const contact = this.#picked(action.pick)
        if (contact === undefined) return
        const path = `/api/contacts/${this.#names.contacts.get(contact)}/sms-status`
        await this.#world.api('PUT', path, { status: action.status })
        contact.sms = action.status
        return
      }
      case 'rename group':
        return this.#rename(action.group, action.name)
      case 'delete group': {
        const path = await this.#groupPath(action.group)
        if (path === null || !(await this.#ask('DELETE', path))) return
        directory.hand++
        this.#regroup(action.group, null)
      }
    }
  }

  async #rename(group: string, name: string): Promise<void> {
    const { directory } = this.#model
    const key = groupKey(name)
    const known = directory.groups.get(group)
    const path = await this.#groupPath(group)
    if (path === null || known === undefined) return
    const taken = key !== group && directory.groups.has(key)
    if (!(await this.#ask('PATCH', path, { name }, taken ? 'name_taken' : null))) return
    directory.hand++
    directory.groups.delete(group)
    directory.groups.set(key, known)
    known.name = name
    this.#regroup(group, key)
  }

  #regroup(group: string, key: string | null): void {
    for (const contact of this.#model.directory.members(group)) {
      const groups = contact.facts.groups.filter((one) => one !== group)
      contact.facts = { ...contact.facts, groups: (key === null ? groups : [...groups, key]).sort() }
    }
  }

  /** Returns the path of a group in the API; null if the group has no contacts, since the API may not show it. */
  async #groupPath(group: string): Promise<string | null> {
    if (this.#model.directory.members(group).length === 0) return null
    const { items } = await this.#world.api<Page<GroupView>>('GET', '/api/groups?limit=500')
    const found = items.find(({ name }) => groupKey(name) === group)
    return found === undefined ? null : `/api/groups/${found.id}`
  }

  #picked(pick: number): ModelContact | undefined {
    const live = this.#model.directory.live()
    return live[pick % Math.max(1, live.length)]
  }

  /**
   * Sends a request and returns whether it succeeded. It must be refused while a source is enabled and while contacts
   * are being written.
   */
  async #ask(method: string, path: string, body?: unknown, refusal: string | null = null): Promise<boolean> {
    const { managedRemotely, applying } = this.#model
    const response = await this.#world.request(method, path, body)
    const answer: { code?: string } = response.ok ? {} : await response.json()
    const expected = managedRemotely ? 'managed_remotely' : applying ? 'run_active' : refusal
    insist(`${method} ${path}`, answer.code ?? null, expected)
    return expected === null
  }
}

const namesOf = (groups: readonly string[]) => new Map(groups.map((name) => [groupKey(name), name]))

function factsOf({ id, name, title, email, numbers, groups }: RollPerson): Facts {
  return {
    name,
    title: title === '' ? null : title,
    emails: email === '' ? [] : [emailOf(email)],
    numbers: numbers.map((which) => `+1${numberOf(id, which)}`),
    groups: [...namesOf(groups).keys()].sort(),
  }
}

/** Returns a person as a request body of the API. */
function written({ id, name, title, email, numbers, groups }: RollPerson) {
  return {
    name,
    title: title === '' ? null : title,
    emails: email === '' ? [] : [emailOf(email)],
    numbers: numbers.map((which) => ({ number: numberOf(id, which), type: 'mobile' })),
    groups,
  }
}
