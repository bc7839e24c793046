import * as z from 'zod'
import { CloudflareError } from './api.ts'
import { bucketHeaders, RIGHTS } from './found.ts'
import type { State } from './plan.ts'
import type { World } from './world.ts'

/**
 * Deletes what the account has of Muster, contacts and runs included. Queues go after the Worker that consumes them, the project after
 * its domain. A bucket that still has files stays, and so does the sender's domain in Email Service, which others may use. May be
 * repeated after a failure at any point. Returns what is left to do for a person.
 */
export async function removeAll({ wanted, answers, found }: State, { cloudflare, print }: World): Promise<string[]> {
  const path = `/accounts/${found.account.id}`
  const remove = async (words: string, right: string, target: string, headers: Record<string, string> = {}) => {
    print(`  Delete ${words}.`)
    await cloudflare.call('DELETE', target, { right, headers, result: z.unknown() })
  }
  const project = `${path}/pages/projects/${wanted.project}`
  if (found.domain !== null)
    await remove(`the domain ${answers.domain}`, RIGHTS.pages, `${project}/domains/${answers.domain}`)
  for (const { id, type, content } of found.records) {
    if (type !== 'CNAME' || content !== found.project?.subdomain) continue
    await remove(`its DNS record`, RIGHTS.dns, `/zones/${found.zone?.id}/dns_records/${id}`)
  }
  if (found.project !== null) await remove(`the Pages project ${wanted.project}`, RIGHTS.pages, project)
  if (found.container !== null) {
    const application = `${path}/containers/applications/${found.container.id}`
    await remove('the container of the SFTP bridge', RIGHTS.containers, application)
  }
  if (found.worker !== null) {
    await remove(`the Worker ${wanted.worker}`, RIGHTS.worker, `${path}/workers/scripts/${wanted.worker}`)
  }
  for (const { id, name } of found.queues) {
    if (wanted.queues.includes(name)) await remove(`the queue ${name}`, RIGHTS.queues, `${path}/queues/${id}`)
  }
  if (found.database !== null) {
    await remove(`the database ${wanted.database}`, RIGHTS.d1, `${path}/d1/database/${found.database.id}`)
  }
  const left = [
    `the sender's domain in Email Service (${answers.sender}), if nothing else sends from it`,
    'the API token',
  ]
  if (!found.bucket) return left
  try {
    await remove(
      `the bucket ${wanted.bucket}`,
      RIGHTS.r2,
      `${path}/r2/buckets/${wanted.bucket}`,
      bucketHeaders(answers),
    )
  } catch (error) {
    if (!(error instanceof CloudflareError && error.status === 409)) throw error
    left.unshift(`the files of the bucket ${wanted.bucket}, and then the bucket`)
  }
  return left
}
