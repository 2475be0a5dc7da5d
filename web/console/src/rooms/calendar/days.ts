import type { Answer } from '@/api'

export type Year = Answer<'GET /api/calendar'>
export type Day = Year['days'][number]
/** What the import answers: the years it took, and the job that counts the running clocks again. */
export type Loaded = Answer<'POST /api/calendar'>
/** A year as the import reads it. */
export const csvOf = (days: Day[]): string => `\uFEFF${['date,kind,name,source', ...days.map((d) => [d.day, d.kind, d.name, d.source].join(','))].join('\r\n')}\r\n`
