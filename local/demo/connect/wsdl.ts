/** How one customer's Connect spells its service. Another customer's has other letter case and another order. */
export interface Dialect {
  /** `escaped` or `cdata`: how a result is written inside its string element. */
  result: 'escaped' | 'cdata'
  /** The prefix of SOAP's elements in answers. */
  prefix: string
  soapActions: boolean
  operations: readonly DialectOperation[]
}

interface DialectOperation {
  does: 'attributes' | 'filters' | 'filterContacts' | 'contacts' | 'count' | 'sourceCodes' | 'update'
  name: string
  /** The meaning of each parameter to the stand-in and its spelling, in the required order. */
  parameters: readonly (readonly [means: string, name: string])[]
}

export const NAMESPACE = 'http://connect2.askadmissions.net/webservices/'

const SIGN_IN = [
  ['clientName', 'ClientName'],
  ['passKey', 'PassKey'],
] as const

/**
 * The dialect in which the public clients of Connect write their calls. The operations that are not public are made up.
 */
export const USUAL: Dialect = {
  result: 'escaped',
  prefix: 'soap',
  soapActions: true,
  operations: [
    { does: 'attributes', name: 'GetAllAttributes', parameters: SIGN_IN },
    { does: 'filters', name: 'GetAllFilters', parameters: SIGN_IN },
    { does: 'count', name: 'GetContactCount', parameters: SIGN_IN },
    { does: 'sourceCodes', name: 'GetAllSourceCodes', parameters: SIGN_IN },
    {
      does: 'filterContacts',
      name: 'GetFilterContacts',
      parameters: [...SIGN_IN, ['attributes', 'AttributesXml'], ['filters', 'FilterIdsXml']],
    },
    {
      does: 'contacts',
      name: 'GetContacts',
      parameters: [
        ...SIGN_IN,
        ['from', 'StartingRecord'],
        ['to', 'EndingRecord'],
        ['search', 'SearchCriteriaXml'],
        ['attributes', 'AttributesXml'],
        ['order', 'OrderByXml'],
      ],
    },
    {
      does: 'update',
      name: 'UpdateContact',
      parameters: [
        ...SIGN_IN,
        ['contactId', 'ContactId'],
        ['attribute', 'AttributeName'],
        ['value', 'AttributeValue'],
        ['sourceCode', 'SourceCode'],
      ],
    },
  ],
}

/**
 * A dialect with another letter case and order, results in CDATA, no SOAPAction, no list of source codes, and another
 * name for the update.
 */
export const OTHER: Dialect = {
  result: 'cdata',
  prefix: 'SOAP-ENV',
  soapActions: false,
  operations: [
    {
      does: 'filterContacts',
      name: 'getFilterContacts',
      parameters: [
        ['filters', 'filterIdsXml'],
        ['passKey', 'passKey'],
        ['clientName', 'clientName'],
        ['attributes', 'attributesXml'],
      ],
    },
    {
      does: 'attributes',
      name: 'getAllAttributes',
      parameters: [
        ['passKey', 'passKey'],
        ['clientName', 'clientName'],
      ],
    },
    {
      does: 'filters',
      name: 'getAllFilters',
      parameters: [
        ['clientName', 'clientName'],
        ['passKey', 'passKey'],
      ],
    },
    {
      does: 'update',
      name: 'setContactAttribute',
      parameters: [
        ['passKey', 'passKey'],
        ['clientName', 'clientName'],
        ['sourceCode', 'source'],
        ['value', 'value'],
        ['contactId', 'contactId'],
        ['attribute', 'attribute'],
      ],
    },
  ],
}

/** Returns the dialect's WSDL, in the form that ASP.NET writes. */
export function wsdlOf({ operations, soapActions }: Dialect): string {
  const types = operations.map(
    ({ name, parameters }) => `
      <s:element name="${name}"><s:complexType><s:sequence>${parameters
        .map(([, parameter]) => `<s:element minOccurs="0" maxOccurs="1" name="${parameter}" type="s:string" />`)
        .join('')}</s:sequence></s:complexType></s:element>
      <s:element name="${name}Response"><s:complexType><s:sequence>
        <s:element minOccurs="0" maxOccurs="1" name="${name}Result" type="s:string" /></s:sequence></s:complexType></s:element>`,
  )
  const messages = operations.map(
    ({ name }) => `
  <wsdl:message name="${name}SoapIn"><wsdl:part name="parameters" element="tns:${name}" /></wsdl:message>
  <wsdl:message name="${name}SoapOut"><wsdl:part name="parameters" element="tns:${name}Response" /></wsdl:message>`,
  )
  const ports = operations.map(
    ({ name }) =>
      `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}SoapIn" /><wsdl:output message="tns:${name}SoapOut" /></wsdl:operation>`,
  )
  const bindings = operations.map(
    ({ name }) =>
      `<wsdl:operation name="${name}"><soap:operation soapAction="${soapActions ? NAMESPACE + name : ''}" style="document" />
    <wsdl:input><soap:body use="literal" /></wsdl:input><wsdl:output><soap:body use="literal" /></wsdl:output></wsdl:operation>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:tns="${NAMESPACE}" targetNamespace="${NAMESPACE}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
  <wsdl:types><s:schema elementFormDefault="qualified" targetNamespace="${NAMESPACE}">${types.join('')}
  </s:schema></wsdl:types>${messages.join('')}
  <wsdl:portType name="bridgeSoap">${ports.join('')}</wsdl:portType>
  <wsdl:binding name="bridgeSoap" type="tns:bridgeSoap">
  <soap:binding transport="http://schemas.xmlsoap.org/soap/http" />${bindings.join('')}</wsdl:binding>
  <wsdl:service name="bridge"><wsdl:port name="bridgeSoap" binding="tns:bridgeSoap">
  <soap:address location="http://internal.example/ws/bridge.asmx" /></wsdl:port></wsdl:service>
</wsdl:definitions>`
}
