/** Short names for shapes of the contract (schema.ts is generated from openapi.json). */
import type { Answer, Op } from './http'

export type Items<K extends Op> = Answer<K> extends { items: (infer T)[] } ? T : never

export type Unit = 'g' | 'ml' | 'pc'
/** Whole base units (g, ml, pieces); null is unknown. */
export type Amount = number | null

export type Session = Answer<'GET /api/session'>
export type About = Answer<'GET /api/about'>
export type Home = Answer<'GET /api/home'>
export type Reference = Answer<'GET /api/reference'>
export type Job = Answer<'GET /api/jobs/{id}'>

export type Party = Items<'GET /api/parties'>
export type Partner = Answer<'GET /api/parties/lookup'>[number]
export type Dossier = Answer<'GET /api/parties/{id}'>

export type Product = Items<'GET /api/products'>
export type ProductPage = Answer<'GET /api/products/{id}'>
export type TraceFile = ProductPage['files'][number]

export type Lot = Items<'GET /api/lots'>
export type LotPage = Answer<'GET /api/lots/{no}'>
export type Chain = Answer<'GET /api/lots/{no}/chain'>
export type ChainNode = Chain['nodes'][number]

/** A line of a ledger, or of the list of all events. */
export type EventLine = Items<'GET /api/events'>
export type { Make, NewMove, Take } from './schema'

export type User = Items<'GET /api/users'>
export type SessionRow = Answer<'GET /api/sessions'>[number]
export type Post = Items<'GET /api/posts'>
export type ApiKey = Items<'GET /api/keys'>
export type Grid = Items<'GET /api/grids'>
export type Bureau = Items<'GET /api/bureaus'>
export type AuditRow = Items<'GET /api/audit'>
export type Division = Answer<'GET /api/reference/divisions'>[number]
export type Notice = Items<'GET /api/publication/notices'>
export type Suspicion = Items<'GET /api/publication/suspicions'>
export type Limit = Answer<'GET /api/publication/limits'>[number]
export type Subscription = Answer<'GET /api/epcis/subscriptions'>[number]

export type CaseView = Answer<'GET /api/cases/{id}'>
export type TaskView = CaseView['tasks'][number]
export type ClockView = CaseView['clocks'][number]
export type ActionView = CaseView['actions'][number]
export type FieldView = ActionView['form'][number]
export type OpView = CaseView['ops'][number]
export type CaseHistory = Answer<'GET /api/cases/{id}/history'>
export type FlowKind = Answer<'GET /api/flows'>[number]
export type Todo = Items<'GET /api/cases/todo'>
export type TodoCounts = Answer<'GET /api/cases/todo/counts'>
export type Near = Answer<'GET /api/cases/{id}/people'>[number]
export type { Diagram } from './schema'
export type Finding = Items<'GET /api/findings'>
export type Evidence = Answer<'GET /api/findings/{id}/evidence'>[number]
export type Rate = Answer<'GET /api/findings/rates'>[number]
export type Message = Items<'GET /api/notices'>
export type EnforcementCase = Items<'GET /api/enforcement/cases'>
export type CaseEvidence = Answer<'GET /api/enforcement/cases/{id}/evidence'>[number]
export type PenaltyTables = Answer<'GET /api/enforcement/penalties'>
export type PenaltyRange = Answer<'GET /api/enforcement/range'>
export type ProcedureStep = Answer<'GET /api/enforcement/cases/{id}/certificate'>['lines'][number]
