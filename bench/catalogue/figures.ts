import { inColumns } from '../table.ts'
import type { Case, JudgedNight } from './judging.ts'

/** The results of a run of the catalogue. */
export interface Figures {
  /** The command as it was typed. */
  command: string
  seed: number
  cases: Case[]
  nights: JudgedNight[]
}

/** The two figures that judge the defaults. */
export interface Verdict {
  /** Accidents over the floor of a limit that may name them, and that change a contact. */
  accidents: number
  /** How many of these accidents such a limit stopped. */
  stopped: number
  nights: number
  stoppedNights: number
}

export function verdictOf({ cases, nights }: Pick<Figures, 'cases' | 'nights'>): Verdict {
  const dangerous = cases.filter(({ outcome }) => isDangerous(outcome))
  return {
    accidents: dangerous.length,
    stopped: dangerous.filter(({ outcome }) => outcome === 'stopped').length,
    nights: nights.length,
    stoppedNights: nights.filter(({ limits }) => limits.length > 0).length,
  }
}

function isDangerous(outcome: Case['outcome']): boolean {
  return outcome !== 'small' && outcome !== 'harmless'
}

/** Returns a row of text for each kind of accident, the header first. */
export function accidentRows(cases: readonly Case[]): string[][] {
  const header = ['', 'over a floor', 'stopped and named', 'stopped, not named', 'missed', 'under a floor', 'harmless']
  const rows = [...Map.groupBy(cases, ({ accident }) => accident)].map(([accident, own]) => {
    const count = (...outcomes: Case['outcome'][]) =>
      String(own.filter(({ outcome }) => outcomes.includes(outcome)).length)
    const dangerous = String(own.filter(({ outcome }) => isDangerous(outcome)).length)
    return [
      accident,
      dangerous,
      count('stopped'),
      count('misnamed'),
      count('missed'),
      count('small'),
      count('harmless'),
    ]
  })
  return [header, ...rows]
}

/** Returns both figures as sentences. */
export function verdictLines(figures: Figures): string[] {
  const { accidents, stopped, nights, stoppedNights } = verdictOf(figures)
  const share = accidents === 0 ? 100 : (stopped * 100) / accidents
  return [
    `${stopped} of ${accidents} accidents over a limit’s floor are stopped and named: ${share.toFixed(1)} %.`,
    `${stoppedNights} of ${nights} ordinary nights are stopped.`,
  ]
}

/** Describes a case in one line. */
export function caseLine({ accident, kind, size, share, outcome, limits }: Case): string {
  const stopped = limits.length > 0 ? `, ${limits.join(', ')}` : ''
  return `${accident}: ${kind} of ${size.toLocaleString('en')}, ${Math.round(share * 100)} % (${outcome}${stopped})`
}

export function nightLine({ kind, size, night, events, limits }: JudgedNight): string {
  return `${kind} of ${size.toLocaleString('en')}, night ${night}: ${events.join(', ')} (${limits.join(', ')})`
}

/** Formats the figures for a terminal. */
export function printed(figures: Figures): string {
  const missed = figures.cases.filter(({ outcome }) => outcome === 'missed' || outcome === 'misnamed')
  const stopped = figures.nights.filter(({ limits }) => limits.length > 0)
  return [
    inColumns(accidentRows(figures.cases)),
    ...(missed.length > 0 ? ['', 'Missed or not named:', ...missed.map(caseLine)] : []),
    ...(stopped.length > 0 ? ['', 'Ordinary nights that were stopped:', ...stopped.map(nightLine)] : []),
    '',
    ...verdictLines(figures),
  ].join('\n')
}
