import type { Accident } from './accidents/accident.ts'
import { COLUMN_ACCIDENTS } from './accidents/columns.ts'
import { ID_ACCIDENTS } from './accidents/ids.ts'
import { ROW_ACCIDENTS } from './accidents/rows.ts'
import { TEXT_ACCIDENTS } from './accidents/texts.ts'
import { ListFile } from './file.ts'
import { isOverFloor } from './floors.ts'
import { JudgedDirectory } from './judged-directory.ts'
import { nightsOf, passNight } from './nights.ts'
import { KINDS, type Kind, Organization } from './organization.ts'
import { Random } from './random.ts'

/** Every kind of accident of the catalogue. */
const ACCIDENTS: readonly Accident[] = [...COLUMN_ACCIDENTS, ...ROW_ACCIDENTS, ...ID_ACCIDENTS, ...TEXT_ACCIDENTS]

export const SIZES = [25, 300, 5000] as const
/** The shares of the rows that an accident hits. */
const SHARES = [0.03, 0.1, 0.25, 0.5, 1] as const

/**
 * The outcome of an accident. `small`: it is under the floor of every limit that may name it. `harmless`: it is not
 * stopped, and it changes no contact.
 */
type Outcome = 'small' | 'stopped' | 'misnamed' | 'missed' | 'harmless'

export interface Case {
  accident: string
  kind: Kind
  size: number
  share: number
  outcome: Outcome
  /** The limits that stopped it. */
  limits: string[]
}

/** Judges each kind of accident in organizations of every size, with every share of their rows. */
export async function* judgeAccidents(sizes: readonly number[], seed: number): AsyncGenerator<Case> {
  for (const [nth, accident] of ACCIDENTS.entries()) {
    for (const [i, size] of sizes.entries()) {
      for (const [j, share] of SHARES.entries()) {
        const kinds = accident.kinds ?? KINDS
        const kind = kinds[(nth + i + j) % kinds.length] ?? 'staff'
        yield await judgeAccident(accident, kind, size, share, seed + nth * 1000 + i * 100 + j)
      }
    }
  }
}

async function judgeAccident(accident: Accident, kind: Kind, size: number, share: number, seed: number): Promise<Case> {
  const random = new Random(seed)
  const organization = new Organization(kind, size, random)
  const judged = new JudgedDirectory()
  const list = () => ListFile.of(organization.shape, organization.listed())
  const optedOutHere: string[] = []
  if (accident.first === undefined) {
    judged.apply(await judged.night(list()), true)
    const texted = organization.people.filter(({ mobile, texts }) => mobile !== '' && texts === 'Y')
    for (const { id } of random.some(texted, Math.ceil(size / 50))) {
      judged.optOut(id)
      optedOutHere.push(id)
      for (const person of organization.people) if (person.id === id) person.texts = 'N'
    }
    judged.apply(await judged.night(list()), true)
    passNight(organization)
  } else if (accident.first === 'manual') await judged.makeManual(list())
  const before = list()
  const { nights, harm } = accident.happen(before, share, { random, organization, optedOutHere })
  const found = { accident: accident.name, kind, size, share }
  const over = harm.some((one) => one.count > 0 && isOverFloor(one))
  const may = new Set<string>(harm.map(({ limit }) => limit))
  for (const night of nights) {
    const made = await judged.night(night)
    const limits = [...new Set(made.reasons.map(({ limit }) => limit))]
    if (limits.some((limit) => may.has(limit))) return { ...found, outcome: 'stopped', limits }
    if (!over) return { ...found, outcome: 'small', limits }
    if (limits.length > 0) return { ...found, outcome: 'misnamed', limits }
    if (nights.length === 1) {
      const harmless = (await judged.changesOf(night)).isSubsetOf(await judged.changesOf(before))
      return { ...found, outcome: harmless ? 'harmless' : 'missed', limits }
    }
    judged.apply(made, false)
  }
  return { ...found, outcome: over ? 'missed' : 'small', limits: [] }
}

export interface JudgedNight {
  kind: Kind
  size: number
  night: number
  events: string[]
  /** The limits that stopped the night although a person need not be asked. */
  limits: string[]
}

/** Judges `count` ordinary nights of organizations of every kind and size. A plan that is stopped is approved. */
export async function* judgeNights(count: number, seed: number): AsyncGenerator<JudgedNight> {
  const sizes = [25, 60, 300, 1200, 5000]
  for (let series = 0, given = 0; given < count; series++) {
    const kind = KINDS[series % KINDS.length] ?? 'staff'
    const size = sizes[Math.floor(series / KINDS.length) % sizes.length] ?? 300
    const judged = new JudgedDirectory()
    let night = 0
    for (const { organization, events, turnover } of nightsOf(kind, size, seed + series)) {
      const made = await judged.night(ListFile.of(organization.shape, organization.listed()))
      judged.apply(made, made.reasons.length > 0)
      // Where many leave at once, the removals may be held, and nothing else.
      const reasons = made.reasons.filter(({ parts }) => !(turnover && parts.every((part) => part === 'remove')))
      if (night++ === 0) continue
      if (given++ < count) yield { kind, size, night: night - 1, events, limits: reasons.map(({ limit }) => limit) }
    }
  }
}
