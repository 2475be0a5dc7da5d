export * from '@console/api/http'
export type { About, Amount, Dossier, Session, Unit } from '@console/api/types'
