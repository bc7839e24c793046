import { createServer } from 'node:http'
import { listenOn } from '../../ports.ts'
import type { Version } from '../roster.ts'
import { students } from '../students.ts'
import { college } from './college.ts'
import { listener } from './http.ts'

/** A college's Connect that knows one client. */
export interface ConnectServer {
  url: string
  clientName: string
  passKey: string
  /** Serves the students of a version. Discards the changes that Muster has made there. */
  put(version: Version): void
  stop(): Promise<void>
}

/** Starts the stand-in for Connect on a loopback port. */
export async function startConnect(port: number): Promise<ConnectServer> {
  const service = college()
  const { stop } = await listenOn(createServer(listener(service)), port)
  const { clientName, passKey } = service
  return {
    url: `http://localhost:${port}/ws/bridge.asmx`,
    clientName,
    passKey,
    put(version) {
      service.contacts = students(version, new Date())
    },
    stop,
  }
}
