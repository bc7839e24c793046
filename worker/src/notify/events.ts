import { noCounts } from '../core/counts.ts'
import type { WebhookKind } from '../core/source.ts'
import { waitingChanges } from '../store/held-runs.ts'
import type { NotificationKind, NotificationRow } from '../store/notifications.ts'
import { type RunRow, runFigures } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'

/*
 * What is sent to addresses that take JSON when an import waits or fails, and to try one. It names no contact: counts, the
 * reasons and a link, and the page behind the link has the rest.
 */

/** The names of the events, by the kind of notification that they come with. */
const EVENTS = { held: 'run.held', failed: 'run.failed' } as const

/** Returns whether a kind of notification is also sent to webhooks. */
export function isEvent(kind: NotificationKind): kind is keyof typeof EVENTS {
  return Object.hasOwn(EVENTS, kind)
}

/** An event with what its texts are made of. `link`: the page of the run. */
export interface Event {
  kind: keyof typeof EVENTS
  id: string
  row: NotificationRow
  run: RunRow
  source: SourceRow
  link: string
}

/** A message in a channel. All texts are plain. */
interface Message {
  subject: string
  lines: string[]
  figures: [label: string, value: string][]
  link: { label: string; url: string }
}

const CHANNELS: Record<Exclude<WebhookKind, 'muster'>, (message: Message) => object> = {
  slack: slackBody,
  teams: teamsBody,
}

/** Returns the body that tells an address of a kind about an event. */
export function bodyOf(kind: WebhookKind, event: Event): object {
  if (kind === 'muster') return musterBody(event)
  return CHANNELS[kind]({
    subject: event.row.subject,
    lines: failureLines(event),
    figures: figureLines(event),
    link: { label: 'Open the import', url: event.link },
  })
}

/** Returns the body that only tries an address of a kind. `url`: the address of the pages. */
export function testBodyOf(kind: WebhookKind, id: string, at: number, url: string): object {
  if (kind === 'muster') return { id, event: 'test', createdAt: new Date(at).toISOString(), url }
  return CHANNELS[kind]({
    subject: 'A test from Muster',
    lines: ['A message comes here when an import fails or waits for a decision.'],
    figures: [],
    link: { label: 'Open Muster', url },
  })
}

/** Returns the body for a program (docs/notifications.md). The names are those of a run in the API. */
function musterBody({ kind, id, row, run, source, link }: Event) {
  return {
    id,
    event: EVENTS[kind],
    createdAt: new Date(row.createdAt).toISOString(),
    runId: run.id,
    sourceId: source.id,
    sourceName: source.name,
    status: run.status,
    counts: { ...noCounts(), ...run.counts },
    waiting: run.status === 'held' ? waitingChanges(run) : null,
    reasons: run.hold?.reasons.map(({ limit }) => limit) ?? [],
    failure: run.failure,
    url: link,
  }
}

/**
 * Returns the body for an incoming webhook of Slack. Its texts are plain, except the link.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
function slackBody({ subject, lines, figures, link }: Message) {
  const all = [...lines, ...figures.map(([label, value]) => `${label}: ${value}`)]
  const plain = (text: string, type: 'header' | 'section') => ({
    type,
    text: { type: 'plain_text', text: cut(text, type === 'header' ? 150 : 3000), emoji: false },
  })
  return {
    // Shown in the notification of a phone. `&`, `<` and `>` are the only signs that mean something there.
    text: subject.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
    blocks: [
      plain(subject, 'header'),
      plain(all.join('\n'), 'section'),
      { type: 'section', text: { type: 'mrkdwn', text: `<${link.url}|${link.label}>` } },
    ],
  }
}

/**
 * Returns the body for a webhook of the Workflows app in Teams, which posts the Adaptive Card in it. Runs of text are not
 * read as Markdown.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
function teamsBody({ subject, lines, figures, link }: Message) {
  const run = (text: string, more: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  })
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.2',
          body: [
            run(subject, { weight: 'Bolder', size: 'Medium' }),
            ...lines.map((line) => run(line)),
            ...(figures.length === 0
              ? []
              : [{ type: 'FactSet', facts: figures.map(([title, value]) => ({ title, value })) }]),
          ],
          actions: [{ type: 'Action.OpenUrl', title: link.label, url: link.url }],
        },
      },
    ],
  }
}

function failureLines({ run: { failure } }: Event): string[] {
  return failure === null ? [] : [failure.message, failure.advice]
}

const number = new Intl.NumberFormat('en')

function figureLines({ run }: Event): [label: string, value: string][] {
  const { met, imported, withErrors } = runFigures(run)
  const { added, updated, removed } = waitingChanges(run)
  const waits = run.status === 'held' ? added + updated + removed : 0
  const figures: [string, number][] = [
    ['Contacts that met the criteria', met],
    ['Imported', imported],
    ['Changes that wait', waits],
    ['Contacts with errors', withErrors],
  ]
  return figures.map(([label, count]) => [label, number.format(count)])
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…`.toWellFormed() : text
}
