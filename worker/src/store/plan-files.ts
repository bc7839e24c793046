import type { Columns } from '../core/columns.ts'
import type { KnownContacts } from '../core/known.ts'
import { type Change, SECTIONS, type Section, writeLine } from '../core/plan.ts'
import type { Planned, PlanSink, ReportRow } from '../core/planning.ts'
import type { Env } from '../env.ts'
import { hashToken } from '../security/passwords.ts'
import { LineWriter } from './lines.ts'
import type { Revisions } from './revisions.ts'
import type { PlanManifest, ProblemFiles, RunRow, SourceRow } from './schema.ts'

/** A plan on its way into R2: a file a section, one for the rows with problems, and the fingerprints. */
export class PlanFiles implements PlanSink {
  readonly #env: Env
  readonly #run: RunRow
  readonly #folder: string
  readonly #columns: Columns
  readonly #sections: Record<Section, LineWriter>
  readonly #problems: LineWriter

  constructor(env: Env, run: RunRow, columns: Columns) {
    this.#env = env
    this.#run = run
    this.#columns = columns
    // Each attempt has its own files; the run's row names those that count.
    this.#folder = `plans/${run.source}/${run.id}.${run.attempt}.${crypto.randomUUID().slice(0, 8)}`
    this.#sections = {
      optOuts: this.#writer('opt-outs'),
      changes: this.#writer('changes'),
      removals: this.#writer('removals'),
    }
    this.#problems = this.#writer('problems')
  }

  #writer(name: string): LineWriter {
    return new LineWriter(this.#env.FILES, `${this.#folder}/${name}.ndjson`)
  }

  change(section: Section, change: Change): void {
    this.#sections[section].add(writeLine(change))
  }

  report(row: ReportRow): void {
    this.#problems.add(JSON.stringify(row))
  }

  async flush(): Promise<void> {
    for (const section of SECTIONS) await this.#sections[section].flush()
    await this.#problems.flush()
  }

  async abort(): Promise<void> {
    for (const section of SECTIONS) await this.#sections[section].abort()
    await this.#problems.abort()
  }

  /** Ends the files and gives what the run's row says of them. */
  async close(
    known: KnownContacts,
    planned: Planned,
    source: SourceRow,
    seq: number,
    standing: Revisions,
  ): Promise<{ manifest: PlanManifest; files: ProblemFiles }> {
    const sections: PlanManifest['sections'] = []
    const hashes: string[] = []
    for (const section of SECTIONS) {
      const { file, bytes, sha256, lines } = await this.#sections[section].close()
      hashes.push(sha256)
      if (lines > 0) sections.push({ file, bytes, changes: lines })
    }
    const problems = await this.#problems.close()
    const fingerprints = `${this.#folder}/fingerprints`
    await this.#env.FILES.put(fingerprints, known.write())
    const newGroups = await this.#unknownGroups(planned.newGroups)
    const manifest: PlanManifest = {
      hash: await hashToken(
        JSON.stringify([source.id, source.settingsHash, this.#run.snapshot?.sha256, hashes, newGroups]),
      ),
      sections,
      newGroups,
      changes: sections.reduce((sum, section) => sum + section.changes, 0),
      newContacts: planned.newContacts,
      sourceRevision: standing.source,
      handRevision: standing.hand,
      fingerprints: {
        file: fingerprints,
        run: this.#run.id,
        settingsHash: source.settingsHash,
        seq,
        firstKey: 0,
        targets: this.#columns.targets,
      },
      undoable: false,
    }
    const files = {
      file: problems.file,
      bytes: problems.bytes,
      header: this.#columns.header,
      rows: problems.lines,
      xlsx: null,
      csv: null,
    }
    return { manifest, files }
  }

  async #unknownGroups(spelt: Record<string, string>): Promise<Record<string, string>> {
    const { results } = await this.#env.DB.prepare(
      'SELECT j.value AS key FROM json_each(?1) j WHERE NOT EXISTS (SELECT 1 FROM grouping g WHERE g.key = j.value)',
    )
      .bind(JSON.stringify(Object.keys(spelt)))
      .all<{ key: string }>()
    return Object.fromEntries(results.map(({ key }) => [key, spelt[key] ?? key]))
  }
}
