import { readDetails } from '../core/contact.ts'
import { PeopleTogether } from '../core/people-together.ts'
import { type Part, readLine, type WrittenChange } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { randomSeed } from '../security/random.ts'
import type { Chunk } from './chunks.ts'
import { eachLines, LineWriter } from './lines.ts'
import { hashOfChunks, readChunks, writeChunks } from './plan-chunks.ts'
import { ChangesDigest, hashOfWaiting } from './plan-digest.ts'
import { isOptOuts, type PlanManifest, type PlanSection } from './plan-reading.ts'

/**
 * Puts the sections of a plan that wait for a person behind those that do not. Opt-outs never wait. Changes that may be
 * about the same people as removals wait together with these, in sections of their own. The hash then names what waits.
 */
export async function dividePlan(
  env: Env,
  source: string,
  plan: PlanManifest,
  waiting: readonly Part[],
): Promise<PlanManifest> {
  const { sections, chunks } = await withMatched(env, plan, waiting)
  const stays = sections.filter((section) => !waitsIn(section, waiting))
  const waits: PlanSection[] = []
  for (const section of sections) {
    if (waitsIn(section, waiting)) waits.push({ ...section, waits: true, digest: await digestOf(env, section) })
  }
  return {
    ...plan,
    ...(chunks === undefined ? {} : { chunks }),
    sections: [...stays, ...waits],
    hash: (await hashOfWaiting(source, waits)) ?? plan.hash,
  }
}

function waitsIn({ part, matched }: PlanSection, waiting: readonly Part[]): boolean {
  return matched === true || waiting.some((one) => one === part)
}

async function digestOf(env: Env, section: PlanSection): Promise<string> {
  const digest = new ChangesDigest()
  for await (const lines of eachLines(env.FILES, section)) for (const line of lines) digest.add(line)
  return digest.hex
}

type Divided = Pick<PlanManifest, 'sections' | 'chunks'>

/** Takes the changes that may be about the same people as removals out of their sections, where any of them wait. */
async function withMatched(env: Env, plan: PlanManifest, waiting: readonly Part[]): Promise<Divided> {
  const removals = plan.sections.filter(({ part }) => part === 'remove')
  const others = plan.sections.filter((section) => section.part !== 'remove' && !isOptOuts(section))
  if (removals.length === 0 || others.length === 0) return plan
  const together = new PeopleTogether(waiting, randomSeed())
  for await (const { before } of changesIn(env, removals)) if (before !== null) together.addRemoval(readDetails(before))
  for await (const change of changesIn(env, others)) {
    const compared = comparedIn(change)
    if (compared !== null) together.addChange(change.op === 'add' ? 'add' : 'update', compared)
  }
  if (!together.any) return plan
  const old = await readChunks(env, plan)
  const sections: PlanSection[] = []
  const cut: Record<string, Chunk[]> = {}
  for (const section of plan.sections) {
    const whole = isOptOuts(section) || (section.part === 'remove' && waiting.includes('remove'))
    for (const piece of whole ? [section] : await split(env, section, together, cut)) {
      sections.push(piece)
      cut[piece.file] ??= old[piece.file] ?? []
    }
  }
  const chunks = `${plan.chunks}-divided`
  await writeChunks(env, chunks, cut)
  return { sections, chunks }
}

/** What an add or an update is compared by; null for a change of the SMS status only. */
function comparedIn(change: WrittenChange): Parameters<PeopleTogether['isChangeTogether']>[0] | null {
  if (change.op === 'sms' || change.after === null) return null
  const adopts = change.op === 'update' && change.owner !== undefined
  return {
    before: adopts || change.before === null ? null : readDetails(change.before),
    after: readDetails(change.after),
  }
}

async function* changesIn(env: Env, sections: readonly PlanSection[]): AsyncGenerator<WrittenChange> {
  for (const section of sections) {
    for await (const lines of eachLines(env.FILES, section)) for (const line of lines) yield readLine(line)
  }
}

/** Splits a section into the changes that wait together with removals, and the others. Stores the chunks of new files. */
async function split(
  env: Env,
  section: PlanSection,
  together: PeopleTogether,
  chunks: Record<string, Chunk[]>,
): Promise<PlanSection[]> {
  const writerOf = (name: string) => new LineWriter(env.FILES, `${section.file}-${name}`, env.PLAN_CHUNK)
  const [others, matched] = [writerOf('others'), writerOf('matched')]
  const writers = [others, matched]
  for await (const lines of eachLines(env.FILES, section)) {
    for (const line of lines) (isTogether(readLine(line), together) ? matched : others).add(line)
    for (const writer of writers) await writer.flush()
  }
  const pieces: PlanSection[] = []
  for (const writer of writers) {
    const { file, bytes, lines: changes, chunks: cut } = await writer.close()
    if (changes === 0) continue
    // A change of the SMS status only, which may not be shown, is never matched.
    const shown = writer === matched ? changes : (section.shown ?? section.changes) - matched.lines
    const flag = writer === matched ? { matched: true as const } : {}
    const { parts: _, ...same } = section
    pieces.push({ ...same, file, bytes, changes, shown, sha256: await hashOfChunks(cut), ...flag })
    chunks[file] = cut
  }
  return pieces
}

function isTogether(change: WrittenChange, together: PeopleTogether): boolean {
  if (change.op === 'remove') return change.before !== null && together.isRemovalTogether(readDetails(change.before))
  const compared = comparedIn(change)
  return compared !== null && together.isChangeTogether(compared)
}
