import { Failure } from '../../core/failure.ts'
import { attribute, XmlScanner } from '../../formats/xml.ts'
import { brokenOff } from './failure.ts'

/*
 * Reads a service's description of itself (WSDL 1.1, document/literal as ASP.NET writes it, or RPC). Public clients of
 * Connect disagree on the names, the case and the order of its parameters, so all of them come from here.
 */

/** A parameter as the service spells it. */
interface Parameter {
  name: string
  optional: boolean
}

/** An operation that the service offers. */
export interface Operation {
  name: string
  /** The element that represents the call in the body. */
  element: string
  namespace: string
  /** Whether the parameters are in the namespace too. */
  qualified: boolean
  /** The value of the header `SOAPAction`; empty if the service needs none. */
  soapAction: string
  /** In the order in which they must be sent. */
  parameters: Parameter[]
}

/** The operations of a service, in its order. */
export type Service = readonly Operation[]

/** Reads a WSDL document. Throws `Failure`: `truncated` if it ends early, `crm_error` if it describes no operation. */
export function readWsdl(xml: string, from: string): Service {
  const reader = new WsdlReader()
  const scanner = new XmlScanner(reader, () => brokenOff(from))
  scanner.write(xml)
  scanner.end()
  const service = reader.service()
  if (service.length > 0) return service
  throw new Failure(
    'crm_error',
    `${from} describes no operations of a web service.`,
    'Check the address; it ends like /ws/bridge.asmx.',
  )
}

/** Returns the operation with this name, in any case; null if the service does not have it. */
export function findOperation(service: Service, name: string): Operation | null {
  const wanted = name.trim().toLowerCase()
  return service.find((operation) => operation.name.toLowerCase() === wanted) ?? null
}

interface Element {
  parameters: Parameter[]
  qualified: boolean
  namespace: string
}

class WsdlReader {
  readonly wantsText = false
  readonly #path: string[] = []
  readonly #elements = new Map<string, Element>()
  /** By message: the element that is its body, or its parts as parameters. */
  readonly #messages = new Map<string, { element: string | null; parts: Parameter[] }>()
  /** By operation: its input message. */
  readonly #inputs = new Map<string, string>()
  readonly #actions = new Map<string, string>()
  #namespace = ''
  #schema = { namespace: '', qualified: false }
  #element: Element | null = null
  #message = ''
  #operation = ''

  open(name: string, attributes: string): void {
    const parent = this.#path.at(-1) ?? ''
    this.#path.push(name)
    const named = (attributeName: string) => attribute(attributes, attributeName)
    if (name === 'definitions') this.#namespace = named('targetNamespace') ?? ''
    else if (name === 'schema') {
      const qualified = named('elementFormDefault') === 'qualified'
      this.#schema = { namespace: named('targetNamespace') ?? this.#namespace, qualified }
    } else if (name === 'element' && parent === 'schema') {
      this.#element = { parameters: [], ...this.#schema }
      this.#elements.set(named('name') ?? '', this.#element)
    } else if (name === 'element') {
      const parameter = named('name') ?? localName(named('ref'))
      this.#element?.parameters.push({ name: parameter, optional: named('minOccurs') === '0' })
    } else if (name === 'message') {
      this.#message = named('name') ?? ''
      this.#messages.set(this.#message, { element: null, parts: [] })
    } else if (name === 'part') {
      const message = this.#messages.get(this.#message)
      const element = named('element')
      if (message === undefined) return
      if (element !== null) message.element = localName(element)
      else message.parts.push({ name: named('name') ?? '', optional: false })
    } else if (name === 'operation' && (parent === 'portType' || parent === 'binding')) {
      this.#operation = named('name') ?? ''
    } else if (name === 'operation') {
      const action = named('soapAction') ?? ''
      if (action !== '') this.#actions.set(this.#operation, action)
    } else if (name === 'input' && this.#path.at(-3) === 'portType') {
      // A service may have ports for SOAP, GET and POST; the SOAP port comes first (WSDL 1.1 as ASP.NET writes it).
      if (!this.#inputs.has(this.#operation)) this.#inputs.set(this.#operation, localName(named('message')))
    }
  }

  close(name: string): void {
    this.#path.pop()
    if (name === 'element' && this.#path.at(-1) === 'schema') this.#element = null
  }

  text(): void {}

  service(): Operation[] {
    return [...this.#inputs].flatMap(([name, input]): Operation[] => {
      const message = this.#messages.get(input)
      if (message === undefined) return []
      const soapAction = this.#actions.get(name) ?? ''
      if (message.element === null) {
        const { parts: parameters } = message
        return [{ name, element: name, namespace: this.#namespace, qualified: false, soapAction, parameters }]
      }
      const element = this.#elements.get(message.element)
      return element === undefined ? [] : [{ name, element: message.element, soapAction, ...element }]
    })
  }
}

function localName(name: string | null): string {
  return name === null ? '' : name.slice(name.indexOf(':') + 1)
}
