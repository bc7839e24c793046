import { freeMemory } from '../core/bytes.ts'
import type { Columns } from '../core/columns.ts'
import { Failure } from '../core/failure.ts'
import type { FileEnd } from '../core/file-end.ts'
import { KeptProblems, type SavedProblems } from '../core/kept-problems.ts'
import { keysOf } from '../core/keys.ts'
import type { KnownContacts } from '../core/known.ts'
import { type Change, SECTIONS, type Section, shows, writeLine } from '../core/plan.ts'
import type { PlanSink, ReportRow } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { yieldThread } from '../yield-thread.ts'
import type { Chunk } from './chunks.ts'
import type { Revisions } from './counters.ts'
import { all, named } from './database.ts'
import { joinReports, writeShared } from './joined-reports.ts'
import { LineWriter, type PausedLines } from './lines.ts'
import { hashOfChunks, writeChunks } from './plan-chunks.ts'
import { PLAN_FORMAT, type PlanManifest, type PlanSection } from './plan-reading.ts'
import { type ProblemFiles, REPORT_COLUMNS } from './reports.ts'
import type { RunRow } from './runs.ts'
import { writeSomebodyElse } from './somebody-else.ts'
import type { FingerprintFile, SourceRow } from './sources.ts'

const SECTION_KEYS = keysOf(SECTIONS)

/** How many groups one query looks up: their names go to D1 as one bound text, of at most 2 MB. */
const GROUPS_AT_ONCE = 2000
/** The most characters that the names of new groups may have together: they are kept in the run's row. */
const NEW_GROUPS_LENGTH = 400_000

/** The facts about a finished plan that are not in its lines. */
export interface PlanEnding {
  newGroups: ReadonlyMap<string, string>
  newContacts: number
  /** How many contacts have a new opt-out and no other change. */
  optOuts: number
  /** The keys of the contacts that become somebody else, in order. */
  somebodyElse: Float64Array
  /** The revisions that it was made on. */
  current: Revisions
  /** Null for the plan of an undo, which is not made from rows. */
  fingerprints: { known: KnownContacts; seq: number } | null
  fileEnd?: FileEnd | null
  ignoredRow?: boolean
  erased?: number
  /** How many rows have shared numbers and no other problem. */
  shared?: number
}

type WrittenLines = Awaited<ReturnType<LineWriter['close']>>

/** A plan that another message goes on writing. */
export interface PausedPlan {
  sections: Record<Section, PausedLines>
  problems: PausedLines
  kept: SavedProblems
  shown: Record<Section, number>
  manual: boolean
}

/** Writes a plan to R2: one file for each section, one for the rows with problems, and one for the fingerprints. */
export class PlanFiles implements PlanSink {
  readonly #env: Env
  readonly #run: RunRow
  readonly #folder: string
  readonly #columns: Pick<Columns, 'labels' | 'targets'>
  readonly #sections: Record<Section, LineWriter>
  readonly #problems: LineWriter
  readonly #kept: KeptProblems
  /** The shared numbers of rows; null if there are none. */
  #shared: LineWriter | null = null
  readonly #keptShared = new KeptProblems()
  /** How many of these rows have no other problem. */
  #onlyShared = 0
  readonly #shown: Record<Section, number>
  #manual: boolean
  /** Called whenever something has been written. */
  flushed: () => Promise<void> = () => Promise.resolve()

  /** `before`: the plan that an earlier message paused. */
  constructor(env: Env, run: RunRow, columns: Pick<Columns, 'labels' | 'targets'>, before?: PausedPlan) {
    this.#env = env
    this.#run = run
    this.#columns = columns
    // Each attempt has files of its own. The row of the run names the files of the attempt that counts.
    this.#folder = `plans/${run.source}/${run.id}.${run.attempt}.${crypto.randomUUID().slice(0, 8)}`
    const writers = SECTION_KEYS.map((section) => [section, this.#writer(section, before?.sections[section])] as const)
    this.#sections = Object.fromEntries(writers) as Record<Section, LineWriter>
    this.#problems = this.#writer('problems', before?.problems)
    this.#kept = new KeptProblems(before?.kept)
    this.#shown = { ...(before?.shown ?? { optOuts: 0, adds: 0, updates: 0, rekeys: 0, removals: 0 }) }
    this.#manual = before?.manual ?? false
  }

  #writer(name: string, before?: PausedLines): LineWriter {
    return new LineWriter(this.#env.FILES, `${this.#folder}/${name}`, this.#env.PLAN_CHUNK, before)
  }

  change(section: Section, change: Change): void {
    if (change.op !== 'sms' && change.owner !== undefined) this.touchManual()
    if (shows(change)) this.#shown[section]++
    this.#sections[section].add(writeLine(change))
  }

  /** Records that the plan changes manual contacts. */
  touchManual(): void {
    this.#manual = true
  }

  report(row: ReportRow): void {
    if (this.#kept.keeps(row)) this.#problems.add(JSON.stringify(row))
  }

  reportShared(row: ReportRow, reported: boolean): void {
    if (!this.#keptShared.keeps(row)) return
    this.#shared ??= this.#writer('shared')
    this.#shared.add(writeShared(row, reported))
    if (!reported) this.#onlyShared++
  }

  /** Writes everything given so far, and yields the thread to other requests. */
  async flush(): Promise<void> {
    for (const section of SECTION_KEYS) await this.#sections[section].flush()
    await this.#problems.flush()
    await this.#shared?.flush()
    await this.flushed()
    await yieldThread()
  }

  /** How many changes have been given so far, of those that people see. */
  get changes(): number {
    return SECTION_KEYS.reduce((sum, section) => sum + this.#shown[section], 0)
  }

  /** Writes everything given so far, and leaves the rest of the plan to another message. */
  async pause(): Promise<PausedPlan> {
    const paused: [Section, PausedLines][] = []
    for (const section of SECTION_KEYS) paused.push([section, await this.#sections[section].pause()])
    return {
      sections: Object.fromEntries(paused) as Record<Section, PausedLines>,
      problems: await this.#problems.pause(),
      kept: this.#kept.save(),
      shown: this.#shown,
      manual: this.#manual,
    }
  }

  /** Deletes what this message has written. */
  async abort(): Promise<void> {
    for (const section of SECTION_KEYS) await this.#sections[section].abort()
    await this.#problems.abort()
    await this.#shared?.abort()
  }

  /** Ends the files and returns what the row of the run stores about them. Frees the known contacts. */
  async close(source: SourceRow, ending: PlanEnding): Promise<{ manifest: PlanManifest; files: ProblemFiles }> {
    const sections: PlanSection[] = []
    const chunksOf: Record<string, Chunk[]> = {}
    for (const section of SECTION_KEYS) {
      const { lines: changes, chunks, ...stored } = await this.#sections[section].close()
      if (changes === 0) continue
      const sha256 = await hashOfChunks(chunks)
      const shown = section === 'optOuts' ? ending.optOuts : this.#shown[section]
      const statuses = section === 'optOuts' ? { statuses: this.#shown.optOuts } : {}
      const rekeys = section === 'rekeys' ? { rekeys: true as const } : {}
      sections.push({ ...stored, changes, part: SECTIONS[section], ...rekeys, shown, ...statuses, sha256 })
      chunksOf[stored.file] = chunks
    }
    const chunks = `${this.#folder}/chunks`
    if (sections.length > 0) await writeChunks(this.#env, chunks, chunksOf)
    const problems = await this.#joined(await this.#problems.close())
    const newGroups = await this.#unknownGroups(ending.newGroups)
    const bytes = this.#run.snapshot?.sha256 ?? this.#run.undoes
    const others = await writeSomebodyElse(this.#env, `${this.#folder}/somebody-else`, ending.somebodyElse)
    const manifest: PlanManifest = {
      format: PLAN_FORMAT,
      hash: await hashToken(
        JSON.stringify([source.id, source.settingsHash, bytes, newGroups, sections.map((s) => [s.part, s.sha256])]),
      ),
      sections,
      ...(sections.length > 0 ? { chunks } : {}),
      newGroups,
      changes: sections.reduce((sum, section) => sum + section.changes, 0),
      newContacts: ending.newContacts,
      sourceRevision: ending.current.source,
      manualRevision: ending.current.manual,
      manual: this.#manual,
      // It follows from the changes, which the hash covers.
      ...(others === null ? {} : { somebodyElse: others }),
      ...(ending.fileEnd ? { fileEnd: ending.fileEnd } : {}),
      ...(ending.ignoredRow ? { ignoredRow: true } : {}),
      ...(ending.erased ? { erased: true } : {}),
      fingerprints: ending.fingerprints === null ? null : await this.#keep(source, ending.fingerprints),
    }
    const { lines: rows, chunks: _, ...stored } = problems
    const header = this.#columns.labels.slice(0, REPORT_COLUMNS)
    const more = this.#kept.more + (ending.shared ?? 0) - this.#onlyShared
    return { manifest, files: { ...stored, header, rows, more, xlsx: null, csv: null } }
  }

  /** Returns the file of the rows with problems, with their shared numbers. */
  async #joined(problems: WrittenLines): Promise<WrittenLines> {
    if (this.#shared === null) return problems
    const shared = await this.#shared.close()
    const joined = this.#writer('problems-shared')
    await joinReports(this.#env.FILES, problems, shared, joined)
    // What an earlier message wrote may be needed once more, if this one does not come to its end.
    for (const file of [this.#problems, this.#shared]) await file.abort()
    return joined.close()
  }

  async #keep(source: SourceRow, { known, seq }: { known: KnownContacts; seq: number }): Promise<FingerprintFile> {
    const file = `${this.#folder}/fingerprints`
    const bytes = known.write()
    known.free()
    await this.#env.FILES.put(file, bytes)
    freeMemory(bytes)
    const { settingsHash } = source
    return { file, run: this.#run.id, settingsHash, seq, firstKey: 0, targets: this.#columns.targets }
  }

  /** Returns the groups that the directory does not have. Throws `Failure` if they are too many for the run's row. */
  async #unknownGroups(spelt: ReadonlyMap<string, string>): Promise<Record<string, string>> {
    const keys = [...spelt.keys()]
    const groups: [string, string][] = []
    let length = 0
    for (let at = 0; at < keys.length; at += GROUPS_AT_ONCE) {
      const unknown = await all<{ key: string }>(
        this.#env,
        named(
          'SELECT j.value AS key FROM json_each(:keys) j WHERE NOT EXISTS (SELECT 1 FROM grouping g WHERE g.key = j.value)',
          { keys: JSON.stringify(keys.slice(at, at + GROUPS_AT_ONCE)) },
        ),
      )
      for (const { key } of unknown) {
        const spelling = spelt.get(key) ?? key
        groups.push([key, spelling])
        length += key.length + spelling.length
      }
      if (length > NEW_GROUPS_LENGTH) throw tooManyNewGroups()
    }
    return Object.fromEntries(groups)
  }
}

function tooManyNewGroups(): Failure {
  return new Failure(
    'too_large',
    'The file names so many groups that are not there yet that they cannot all be made at once.',
    'Check which column is mapped to the groups: it may hold notes or addresses, which differ from row to row.',
  )
}
