import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { college, edit, student } from '../../../local/demo/connect/college.ts'
import { emptyStorage } from '../../test/storage.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { people, reached, setSms } from '../testing/opted.ts'
import { cases } from '../testing/sample.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { takeText } from './sms.ts'

/** Two people share a telephone. */
const NUMBERS = ['+16045550100', '+16045550100', '+16045550102']
const who = fc.constantFrom(0, 0, 0, 1, 2)

const action = fc.oneof(
  fc.record({ is: fc.constant('text'), who, words: fc.constantFrom('STOP', 'Stop.', 'START', 'YES', 'hello') }),
  fc.record({ is: fc.constant('hand'), who, status: fc.constantFrom('opted_in', 'opted_out') }),
  fc.record({ is: fc.constant('crm'), who, value: fc.constantFrom('Y', 'Y', 'N', '', 'maybe'), read: fc.boolean() }),
  fc.record({ is: fc.constant('crm'), who, value: fc.constantFrom('Y', '', 'N'), read: fc.constant(true) }),
  fc.record({ is: fc.constant('leave'), who }),
  fc.record({ is: fc.constant('import') }),
  fc.record({ is: fc.constant('deliver'), times: fc.constantFrom(0, 1, 2) }),
  fc.record({ is: fc.constant('trouble'), down: fc.boolean() }),
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

/**
 * A simple model of the contacts that must not get a text: those who opted out here, and whether the source has shown
 * the opt-out since.
 */
class Oracle {
  readonly out = new Map<string, { shown: boolean }>()
  readonly stopped = new Set<string>()

  optOut(ids: readonly string[], number: string): void {
    for (const id of ids) this.out.set(id, { shown: false })
    this.stopped.add(number)
  }

  optIn(ids: readonly string[], number: string): void {
    for (const id of ids) this.out.delete(id)
    this.stopped.delete(number)
  }

  /** A person opts in somebody, which ends no STOP from a number that another contact has. */
  optInManually(id: string, number: string, shared: boolean): void {
    if (shared) this.out.delete(id)
    else this.optIn([id], number)
  }

  arrives(id: string, number: string): void {
    if (this.stopped.has(number) && !this.out.has(id)) this.out.set(id, { shown: false })
  }

  imported(id: string, value: unknown): void {
    const state = this.out.get(id)
    if (state === undefined) return
    if (value === 'N') state.shown = true
    else if (value === 'Y' && state.shown) this.out.delete(id)
  }
}

async function play(actions: readonly Action[]): Promise<void> {
  const world = await World.start()
  const service = college()
  const all = NUMBERS.map((number, i) => student(i, { mobile: number.slice(2), smsstatus: 'Y', stage: 'All' }))
  service.contacts = [...all]
  const settings = collegeSource(service, { changesOnly: false, removal: 'remove', limits: NO_LIMITS })
  const mapping = [
    ...(settings.mapping as object[]),
    { column: 'SMS Status', to: 'smsStatus' },
    { column: 'Stage', to: 'groups' },
  ]
  const source = await world.source({ ...settings, mapping })
  const oracle = new Oracle()
  const idOf = (i: number) => String(100_000 + i)
  const numberOf = (i: number) => NUMBERS[i] ?? ''
  let texts = 0

  const importAll = async () => {
    const known = await people(world)
    // The test decides when pending messages are delivered, so an import must not deliver them.
    const waiting = world.messages
    world.messages = []
    const { status } = await world.import(source, remoteOf(service))
    world.messages = waiting
    if (status !== 'succeeded') return
    for (const contact of service.contacts) {
      const i = all.indexOf(contact)
      if (!known.has(idOf(i))) oracle.arrives(idOf(i), numberOf(i))
      oracle.imported(idOf(i), contact.smsstatus)
    }
  }
  await importAll()
  for (const one of actions) {
    const i = 'who' in one ? one.who : 0
    const number = numberOf(i)
    const present = await people(world)
    const sharing = all.map((_, at) => at).filter((at) => numberOf(at) === number && present.has(idOf(at)))
    switch (one.is) {
      case 'text': {
        await takeText(world.env, { id: String(++texts), from: number, body: one.words }, Date.now())
        const stated = one.words.toUpperCase()
        if (stated.startsWith('STOP')) oracle.optOut(sharing.map(idOf), number)
        else if (stated === 'START' || (stated === 'YES' && oracle.stopped.has(number))) {
          oracle.optIn(sharing.map(idOf), number)
        }
        break
      }
      case 'hand':
        if (!present.has(idOf(i))) break
        await setSms(world, idOf(i), one.status)
        if (one.status === 'opted_out') oracle.optOut([idOf(i)], number)
        else oracle.optInManually(idOf(i), number, sharing.length > 1)
        break
      case 'crm':
        edit(all[i], Date.now(), { smsstatus: one.value })
        if (one.read) await importAll()
        break
      case 'leave': {
        const contact = all[i]
        if (contact === undefined) break
        if (!service.contacts.includes(contact)) service.contacts = [...service.contacts, contact]
        else if (service.contacts.length > 1) service.contacts = service.contacts.filter((other) => other !== contact)
        break
      }
      case 'import':
        await importAll()
        break
      case 'deliver':
        if (one.times === 0) world.messages = []
        else await world.drain(one.times)
        break
      case 'trouble':
        service.trouble = one.down ? { is: 'text', text: 'System is down for maintenance' } : null
    }
    const wrongly = (await reached(world)).filter((id) => oracle.out.has(id))
    expect(wrongly, `after ${JSON.stringify(one)}`).toEqual([])
  }
}

it('a contact that opted out gets no text until the source shows the opt-out and then an opt-in, or a person or START opts it in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 20 }), play).afterEach(async () => {
      vi.restoreAllMocks()
      await emptyStorage()
    }),
    { numRuns: cases(20), endOnFailure: true },
  )
})

it('YES after a STOP opts in everybody with the number, also where a person has opted in one of them in between', () =>
  play([
    { is: 'text', who: 0, words: 'STOP' },
    { is: 'hand', who: 0, status: 'opted_in' },
    { is: 'text', who: 1, words: 'YES' },
  ]))
