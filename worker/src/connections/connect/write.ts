import { Failure } from '../../core/failure.ts'
import type { Attribute } from './attributes.ts'
import { type Arguments, type ConnectService, escaped, takes } from './call.ts'
import { MOST_READ, statedFailure } from './failure.ts'
import type { ConnectSettings } from './schema.ts'
import type { Operation } from './wsdl.ts'

/** One value of one contact, with the contact's ID in Connect and the attribute to set. */
interface Write {
  contactId: string
  attribute: Attribute
  value: string
}

/**
 * Likely names of the operation that changes a contact; the real name is not public. The first one that the service has
 * counts.
 */
const NAMES = [
  ...['UpdateContact', 'UpdateContactAttribute', 'UpdateContactAttributes', 'SetContactAttribute'],
  ...['SetContactAttributes', 'SaveContact', 'ModifyContact', 'EditContact', 'UpdateContacts'],
]
const DONE = /^(true|ok|success\w*|done|saved|updated?|[1-9]\d*)\b/i
const ERROR = /<(?:[\w.-]+:)?(error|errors|errormessage|faultstring)\b[^>]*>([\s\S]*?)<\//i

/**
 * Sets an attribute of a contact, with the source code that says who changed it. Throws `Failure` if the service has no
 * such operation, or if its answer is not a confirmation.
 */
export async function writeContact(service: ConnectService, settings: ConnectSettings, write: Write): Promise<void> {
  const operation = await writing(service, settings)
  const { contactId, attribute, value } = write
  const { sourceCode } = settings
  const given: Arguments = {
    contactId,
    ...(takes(operation, 'attributesXml')
      ? { attributesXml: attributesXml(attribute, value) }
      : { attribute: attribute.name, value }),
    ...(sourceCode === null ? {} : { sourceCode }),
  }
  const stated = (await service.answer(operation, given, true)).trim()
  const error = ERROR.exec(stated.slice(0, MOST_READ))?.[2]
  if (error !== undefined) throw statedFailure(error, service.from, settings)
  if (stated === '' || stated.startsWith('<') || DONE.test(stated)) return
  throw statedFailure(stated, service.from, settings)
}

async function writing(service: ConnectService, { writeOperation }: ConnectSettings): Promise<Operation> {
  if (writeOperation !== null) return service.need(writeOperation)
  const operation = await service.find(...NAMES)
  if (operation !== null) return operation
  throw new Failure(
    'crm_error',
    `Nothing was found in the web service on ${service.from} that changes a contact.`,
    'Enter the name of that operation in the source’s settings; its description (?wsdl) lists all of them.',
  )
}

function attributesXml({ name }: Attribute, value: string): string {
  const attribute = `<attribute><name>${escaped(name)}</name><value>${escaped(value)}</value></attribute>`
  return `<attributes>${attribute}</attributes>`
}
