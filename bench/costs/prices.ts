/**
 * The prices of Workers Paid in US dollars (developers.cloudflare.com, November 2026): what is included in a month, and what
 * each unit beyond it costs.
 */
export const PRICES = {
  rowsRead: { label: 'D1, rows read', included: 25e9, price: 0.001 / 1e6 },
  rowsWritten: { label: 'D1, rows written', included: 50e6, price: 1 / 1e6 },
  stored: { label: 'D1, bytes stored', included: 5e9, price: 0.75 / 1e9 },
  requests: { label: 'Workers, requests', included: 10e6, price: 0.3 / 1e6 },
  cpu: { label: 'Workers, CPU milliseconds', included: 30e6, price: 0.02 / 1e6 },
  queue: { label: 'Queues, operations', included: 1e6, price: 0.4 / 1e6 },
  files: { label: 'R2, bytes stored', included: 10e9, price: 0.015 / 1e9 },
  filesWritten: { label: 'R2, class A operations', included: 1e6, price: 4.5 / 1e6 },
  filesRead: { label: 'R2, class B operations', included: 10e6, price: 0.36 / 1e6 },
  mails: { label: 'Email, messages', included: 3000, price: 0.35 / 1000 },
} as const

/** What Workers Paid costs a month, with everything that is included. */
export const BASE = 5
