// Made by scripts/api-types.mjs from openapi.json; do not edit.

/** What this system is, for the sign-in page. */
export type About = {
  name: string
  version: string
  /** Something in the database was made by the simulator. */
  simulated: boolean
  production: boolean
  map_approval: string
  /** Accounts to look round with: only where the sample city is loaded and this is no real operation. */
  demo?: Demo | null
}

/** The account of a batch or of several of one unit: `produced` is the sum of all that follow it. */
export type Account = {
  /** g, ml, pc */
  unit: string
  /** What the batches began with, of those where it is known. */
  produced: number
  /** 投入加工: made into something else */
  used: number
  /** 待报: what those answer for who have not reported */
  waiting: number
  /** 现存 */
  on_hand: number
  /** 已售 */
  sold: number
  /** 已销毁 */
  destroyed: number
  /** 已补救 */
  remedied: number
  /** 退回途中: returned, and not confirmed by the producer */
  returning: number
  /** 退回待处置: with the producer */
  back: number
  /** 去向不明: reported, and not explained */
  open: number
  /** Of `open`: an officer accepted the reason. */
  accepted?: number
  /** 历史记录差额 */
  gap: number
  /** Lots without an amount; they are in no sum. */
  unknown: number
  /** Of `waiting`, as the ledger had it: on hand, sold, gone. */
  book_on_hand: number
  book_sold: number
  book_gone: number
}

/** 新办、变更、延续、补发、注销 */
export type ActKind = {
  /** new, change, renew, reissue, cancel */
  code: string
  name: string
  /** Whether a visit comes before the decision: required, optional, none. */
  visit: string
  /** May be decided on the spot by whoever accepts it. */
  spot?: boolean
  /** Ways beside the ordinary one: commitment 告知承诺, remote 远程踏勘. */
  mode?: string[]
}

/** An action with its form. */
export type ActionView = {
  code: string
  name: string
  form: FieldView[]
  statute: string
  /** How sure the statute is, as of clocks. */
  certainty: string
  /** May not be taken back. */
  lasting: boolean
}

/** An additive that went into a production. */
export type Additive = {
  name: string
  /** Milligrams or microlitres. */
  amount: number
  unit: FineUnit
  /** 功能类别: 防腐剂, 膨松剂 … */
  purpose: string
}

/** An adjustment by hand. */
export type Adjustment = {
  id: string
  party: string
  party_name: string
  division: string
  year: number
  from_grade: string
  to_grade: string
  reason: string
  /** User id. */
  proposer: string
  proposer_name: string
  proposed_at: number
  /** Empty while it waits. */
  decider_name: string
  decided_at?: number | null
  accepted?: boolean | null
  answer: string
}

/** Every short list of codes. */
export type All = {
  business_kinds: BusinessKind[]
  categories: Category[]
  trade_items: Coded[]
  licence_kinds: Coded[]
  person_roles: Coded[]
  site_kinds: Coded[]
  statuses: Coded[]
}

/** Why a file is made again. */
export type Anew = {
  reason: string
}

/** What was seen at one item. */
export type Answered = {
  item: string
  /** ok, bad, na */
  verdict: string
  note?: string
  /** Hashes of photos of this visit. */
  photos?: string[]
  /** minor, general, serious; of what is bad. */
  severity?: string
  /** Put right there and then. */
  on_the_spot?: boolean
  /** Photos that show it put right. */
  after?: string[]
  /** To be mended by: `2026-03-13`; empty: the day of the record. */
  due?: string
}

/** A code and the words for it. */
export type Area = {
  /** Of division codes; empty is the whole country. */
  prefix: string
  name: string
}

export type Arrival = {
  /** The device's own key: a repeat is answered and not done again. */
  client_key: string
  /** When, by the device, ms UTC; now where it is not said. */
  at?: number | null
  note?: string
}

/** What somebody asks for. */
export type Ask = {
  /** An action of the definition; or `op`. */
  action?: string | null
  form?: Record<string, unknown>
  /** An operation that every kind has. */
  op?: Op | null
  note?: string
  /** The entry that was the last when the asker looked; another one since is a conflict. */
  seen?: number | null
  /** When it happened, where that was earlier (补录, offline work); ms UTC. */
  occurred_at?: number | null
  /** The client's own key: a repeat is answered and not done again. */
  client_key?: string
}

/** A question that was asked, with what was chosen. */
export type Asked = {
  code: string
  form: Form2
  text: string
  /** What may be chosen: the first is A. */
  choices: string[]
  /** Letters in their order: `B`, `ABC`. */
  right: string
  /** Why, in a sentence. */
  because: string
  statute: string
  /** confirmed: read in the text or told by an official page; unconfirmed: general knowledge. */
  certainty: string
  chosen: string
  /** It was answered as it should be. */
  fits: boolean
}

/** What the laboratory sees: no place, no business, no number of the 抽样单. */
export type Assay = {
  blind: string
  /** It is tested here, or rechecked. */
  recheck: boolean
  kind: string
  category: string
  food: string
  status: string
  flags: string[]
  received_at?: number | null
  issued_at?: number | null
  verdict: string
  /** Items that the plan, or whoever ordered it, asks for; of a recheck, those that are to be repeated. */
  items: string[]
  /** How it must be kept, as the 抽样单 says: room, cool, frozen, dark. */
  storage: string
  /** How warm it is must be said at each hand-over. */
  cold: boolean
  parts: SamplePart[]
  results: TestResult[]
  /** What the limits make of the results; after the report is issued, what they made then. */
  judged: JudgedItem[]
  corrections: ResultCorrection[]
  /** What instruments read, to be signed by the analyst; of an item the last one counts. */
  readings: AssayReading[]
  /** Of a recheck: upheld, overturned. */
  recheck_verdict: string
  /** A recheck: when the spare came. */
  spare_at?: number | null
  /** A recheck: when its report was signed. */
  rechecked_at?: number | null
  /** The spare is here and goes to the laboratory that was drawn. */
  hand_to?: HandTo | null
  /** Until when the spare is kept, of the laboratory that tested; `null` before its report. */
  spare_kept?: SampleSpareKept | null
  simulated: boolean
}

/** Gives a test to a colleague. */
export type AssayAssignment = {
  analyst: string
}

/** What waits at a laboratory. */
export type AssayDesk = {
  /** The asker's laboratory with what it is accredited for; `null` where the business is none. */
  lab?: Lab | null
  accept: number
  enter: number
  verify: number
  check: number
  issue: number
  issued: number
  /** Rechecked here: all, and by what each waits for. */
  recheck: number
  recheck_receive: number
  recheck_enter: number
  recheck_verify: number
  recheck_issue: number
  /** Spares that lie here and go to a laboratory that rechecks. */
  hand: number
}

/** What an instrument or a program read of an item. */
export type AssayReading = {
  id: string
  run: string
  /** Name of the file or the program. */
  run_name: string
  /** Row of the file, from 1. */
  line: number
  item: string
  method: string
  result: string
  unit: string
  lod: string
  at: number
}

/** Why it is not taken. */
export type AssayReason = {
  reason: string
}

export type AssayResults = {
  items: TestResult[]
}

/** A file of an instrument, or what a program handed in. */
export type AssayRun = {
  id: string
  lab: string
  /** Code of `/api/instruments`; `http` by a program. */
  shape: string
  name: string
  /** As it came; empty by a program. */
  file: string
  read: number
  taken: number
  /** Empty: every row fitted. */
  rejected_file: string
  by_name: string
  at: number
}

/** A step of a test: whether the asker may do it now, and if not, why. */
export type AssayStep = {
  /** accept, reject, enter, send_back, verify, issue, correct; of a recheck receive, enter, send_back, verify, issue */
  code: string
  name: string
  may: boolean
  /** For people; empty where they may. */
  why: string
  /** Code of the refusal: `same_person`, `action_not_here`, `needs_flag` …; empty where they may. */
  code_why: string
}

/** The steps of a test, and whose it is. */
export type AssaySteps = {
  steps: AssayStep[]
  /** Who is to test it; empty for nobody yet. */
  analyst: string
  analyst_name: string
  /** Colleagues that the asker may give it to: all, or only themselves. */
  people: SamplerChoice[]
}

/** What the audit calls an act, and what people call it. */
export type AuditAction = {
  code: string
  name: string
}

/** What the audit is asked. */
export type AuditQuery = {
  /** Part of the action, the subject or the person's name. */
  q?: string | null
  /** User id, or the whole name. */
  actor?: string | null
  /** `room.verb`, or a part of it. */
  action?: string | null
  /** `kind:id`, or a part of it. */
  target?: string | null
  /** ok, refused */
  outcome?: string | null
  /** First day, `2026-03-01` (China's time). */
  at_from?: string | null
  /** Last day. */
  at_to?: string | null
  /** at, no (oldest first), action; `-` before it turns it round. Newest first without. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type AuditQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: AuditQuery
}

/** One row of the audit chain. */
export type AuditRow = {
  no: number
  at: number
  /** User id; empty for the house itself and the public. */
  actor: string
  actor_name: string
  bureau: string
  address: string
  /** `room.verb` */
  action: string
  /** `kind:id` */
  target: string
  division: string
  /** JSON: what changed, or what was looked at; empty where there is nothing to say. */
  note: string
  /** ok, refused */
  outcome: string
  hash: string
}

/** Somebody who may not apply. */
export type Ban = {
  id: string
  /** person, business */
  kind: string
  /** Masked number, or credit code. */
  shown: string
  name: string
  since: string
  /** Last day; empty for life. */
  until_day: string
  basis: string
}

/** A grade and how often it is to be visited. */
export type Band = {
  variant: string
  /** Kinds of business, with `|`; empty for all. */
  kinds: string
  grade: string
  /** More points than this; none for the first. */
  over?: number | null
  /** No more than this; none for the last. */
  upto?: number | null
  /** Visits a year. */
  least: number
  most: number
  certainty: string
  source: string
  article: string
}

/** Tests of one point. */
export type Batch = {
  /** Id or code of the point. */
  point: string
  /** At most 500. */
  items: NewTest[]
}

/** A batch that the scope reached. */
export type Batch2 = {
  origin: number
  /** It came from the recalled batch itself; else from another of the same number. */
  certain: boolean
  /** The walk began with it. */
  seed: boolean
  product: string
  food: string
  batch: string
  unit: string
  produced?: number | null
  used: number
  gap: number
  unknown: number
  back_destroyed: number
  back_remedied: number
}

/** Batches of a food in a county. */
export type BatchCell = {
  food: string
  county: string
  batches: number
  taken: number
  done: number
  failed: number
}

export type BeginInput = {
  /** One's own once more: an open screen is not enough to bind another way in. */
  password: string
}

/** Answers what waits with whom. */
export type Begun = {
  /** Of the case: `/api/cases/{id}`. */
  id: string
  number: string
}

/** Which cases behind a figure. */
export type BehindQuery = {
  division?: string | null
  from?: string | null
  to?: string | null
  /** A kind; all that the asker may see where it is not said. */
  kind?: string | null
  /** Of one business only. */
  business?: string | null
  /** Only what lies at the division itself, in none of its parts. */
  direct?: boolean | null
  /** opened, before, year_before, ended, open, due, late */
  what?: What | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type BehindQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: BehindQuery
}

/** A case behind a figure, with its business and place. */
export type BehindRow = {
  id: string
  kind: string
  /** Put in by the caller from the definition. */
  kind_name: string
  number: string
  title: string
  division: string
  /** '' none */
  business: string
  status: string
  status_name: string
  /** open, suspended, done, terminated */
  phase: string
  opened_at: number
  ended_at?: number | null
  /** When the first running clock is over. */
  next_due?: number | null
  /** Escalations so far: above 0 it was late before. */
  level: number
  simulated: boolean
  business_name: string
  division_name: string
}

/** A day or month of the timeline. */
export type Bin = {
  /** `2026-03-01`, `2026-03` */
  at: string
  /** lots that came to be */
  lots: number
  /** of them deliveries */
  deliveries: number
}

export type BindInput = {
  /** Of the challenge. */
  ask: string
  /** What the owner calls it. */
  name: string
  /** What the device made: `credential.toJSON()`. */
  credential: Record<string, unknown>
}

/** 机构 */
export type Bureau = {
  id: string
  /** The bureau above; `null` at a root. */
  parent?: string | null
  /** 1 省, 2 市, 3 县, 4 所 */
  level: number
  name: string
  division: string
}

/** A bureau to be made. */
export type BureauInput = {
  /** The bureau above; left out for a root. */
  parent?: string | null
  /** 1 省, 2 市, 3 县, 4 所 */
  level: number
  name: string
  division: string
}

export type BureauOf = {
  id: string
  name: string
}

/** A business of the picture. Amounts in front are of the unit most of its lots have; `sums` has all. */
export type Business = {
  id: string
  /** null where the business is not known here */
  party?: string | null
  name: string
  kind: string
  division: string
  division_name: string
  /** degrees, WGS-84; not told of businesses outside the jurisdiction */
  lon?: number | null
  lat?: number | null
  /** lies outside the asker's jurisdiction */
  outside: boolean
  lots: number
  seeds: number
  /** deliveries in and out */
  into: number
  out: number
  unit: string
  on_hand?: number | null
  sold?: number | null
  unaccounted?: number | null
  sums: Sums[]
  simulated: boolean
}

/** 业态 */
export type BusinessKind = {
  code: string
  name: string
  /** The kind of licence it needs: sc, jy, local; empty for none. */
  licence: string
  /** 主体业态 of the trade licence; empty for none. */
  main_form: string
  certainty: string
  /** Where food is sampled there: produce, trade, catering; empty for none. */
  stage: string
}

/** Who signed for the business. */
export type BusinessSignature = {
  name: string
  post?: string
  /** Hash of the picture. */
  file: string
}

/** What lines or columns stand for. */
export type By = 'lab' | 'food' | 'item' | 'stage' | 'region' | 'season' | 'month'

export type CalendarDay = {
  /** `2026-10-01` */
  day: string
  /** holiday, makeup_workday */
  kind: string
  /** 国庆节 */
  name: string
  source: string
}

/** A year as it holds now. */
export type CalendarYear = {
  /** Years that are announced. */
  years: number[]
  year: number
  /** Days that are not what their weekday says; empty where the year is not announced. */
  days: CalendarDay[]
  /** Running clocks whose last day may still move, since they run into a year that is not announced. */
  provisional: number
}

export type Campaign = {
  id: string
  /** In the address of its public page. */
  code: string
  name: string
  intro: string
  division: string
  source: string
  from_day: string
  until_day: string
  batches: number
  floor: number
  most: number
  /** draft, open, closed, drawn, ended */
  state: string
  rules: string
  rules_hash: string
  tally_hash: string
  /** Empty for none. */
  draw: string
  summary: string
  by_name: string
  created_at: number
  opened_at?: number | null
  closed_at?: number | null
  ended_at?: number | null
  simulated: boolean
  /** 心愿 */
  wishes: number
  /** Kinds of food that may be chosen. */
  kinds: number
  /** Batches that were drawn, taken, and ended with a result; and those that failed. */
  drawn: number
  taken: number
  done: number
  failed: number
}

/** What a page sends. */
export type CampaignBallot = {
  county?: string
  food?: string[]
  place?: string[]
  item?: string[]
  /** In own words. */
  wish?: string
  /** A telephone number; empty for none. */
  contact?: string
  /** Of the page that it was filled in on. */
  page?: string
  care?: string
}

/** A batch and what became of it. */
export type CampaignBatch = {
  no: number
  food: string
  county: string
  party: string
  place_code: string
  place_name: string
  /** User ids. */
  officers: string[]
  sample: string
  /** open, planned, taken, testing, conforms, fails, none */
  state: string
  taken_at?: number | null
  ended_at?: number | null
}

/** A count; foods by county, the others in all. */
export type CampaignCount = {
  /** food, place, item, county */
  part: string
  code: string
  /** Foods: six digits; others empty. */
  county: string
  votes: number
}

/** A campaign with all that its pages show. */
export type CampaignDetail = {
  campaign: Campaign
  options: CampaignOption[]
  /** Counts as they stand, or as they stood when choosing ended. */
  counts: CampaignCount[]
  /** Most ballots of one network on one day: how far one place may have weighed. */
  largest_network: number
  /** Batches by food and county with their states. */
  cells: BatchCell[]
  proof?: DrawProof | null
  /** Results that wait to be sent. */
  letters: number
  page_url: string
  file_url: string
}

export type CampaignEnd = {
  /** What the bureau says at the end. */
  summary: string
}

/** A kind of food that may be chosen. */
export type CampaignFood = {
  name: string
  /** Place in the tree of foods: `14.1`. */
  category: string
  /** produce, trade, catering */
  stage: string
}

/** A result on its way; the contact masked. */
export type CampaignLetter = {
  id: string
  shown: string
  text: string
  at: number
  taken_at?: number | null
}

/** What may be chosen. */
export type CampaignOption = {
  /** food, place, item, county */
  part: string
  code: string
  name: string
  category: string
  stage: string
}

/** A result with where to send it. */
export type CampaignPost = {
  id: string
  contact: string
  text: string
}

export type CampaignQuery = {
  /** In the name. */
  q?: string | null
  /** draft, open, closed, drawn, ended */
  state?: string | null
  /** created (default), wishes, batches; `-` before it: falling */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type CampaignQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: CampaignQuery
}

/** All counts of a campaign, as whoever wants to count again needs them. */
export type CampaignTally = {
  name: string
  /** open, closed, drawn, ended; the counts stand from `closed` on. */
  state: string
  wishes: number
  rules: string
  rules_hash: string
  tally_hash: string
  options: CampaignOption[]
  counts: CampaignCount[]
}

/** How the next tasks are done. */
export type CampaignTasks = {
  /** inner, outer, quality */
  mode: string
  lab: string
  /** At most so many, 1 to 200. */
  most: number
}

export type CampaignTasksMade = {
  made: number
  /** No place, nobody to go, or the place is closed since. */
  dropped: number
  /** Still without a task. */
  left: number
}

/** A batch of moves. */
export type Capture = {
  /** `each` where it is not said */
  mode?: Mode2 | null
  items: NewMove[]
  /** form or api (default) */
  channel?: string | null
}

/** What became of a document. */
export type Capture2 = {
  /** Id of the capture; the `batch` of its ledger events. */
  capture: string
  /** EPCIS events that went in. */
  events: number
  /** EPCIS events that were there already, with the same content. */
  repeated: number
  /** EPCIS events that were refused. */
  refused: number
  /** Events and lots of the ledger that they became. */
  moves: number
  lots: number
  /** What was wrong with those refused, the first thousand. */
  defects: Place[]
}

/** What came of a capture. */
export type Captured = {
  kept: Kept[]
  refused: Refused[]
}

/** Card or reagent. */
export type Card = {
  maker: string
  /** 批号 */
  batch: string
  /** Last day, `2026-03-01`. */
  expires: string
}

/** A case as the database has it. */
export type Case = {
  id: string
  /** 排查〔2026〕0001 */
  no: string
  title: string
  reason: string
  division: string
  division_name: string
  /** open, frozen, closed */
  state: string
  /** ledger, network */
  source: string
  file_name: string
  /** businesses and deliveries as last counted */
  stations: number
  deliveries: number
  /** lots it starts from */
  seeds: number
  created_by: string
  created_at: number
  updated_at: number
  simulated: boolean
  /** the latest frozen scope */
  scope?: ScopeBrief | null
}

/** A piece of evidence. */
export type CaseEvidence = {
  id: string
  case: string
  kind: string
  title: string
  origin: string
  camera: boolean
  /** SHA-256 of the content; empty for a thing without a file. */
  file: string
  media: string
  size: number
  user: string
  user_name: string
  received_at: number
  legal?: EvidenceReview | null
  technical?: EvidenceReview | null
  /** May be used: no camera evidence, or both reviews passed. */
  admissible: boolean
  /** SHA-256 of the record, a fact of the ledger. */
  hash: string
  /** Handed in by the business itself, with an answer to what was served on it. */
  by_party: boolean
  /** Of those: when the answer was given; `null` not yet. */
  sent_at?: number | null
}

/** A thing that is kept elsewhere. */
export type CaseThing = {
  title: string
  /** Where it comes from and where it is kept. */
  origin: string
}

/** A case as it stands, and what the asker can do with it. */
export type CaseView = {
  id: string
  kind: string
  kind_name: string
  /** Version of the definition it was begun under. */
  version: number
  number: string
  title: string
  division: string
  /** Business that it is about; empty for none. */
  business: string
  /** The case above; empty for none. */
  parent: string
  status: string
  status_name: string
  /** open, suspended, done, terminated, void */
  phase: string
  /** Why it is suspended; empty where it is not. */
  suspended_for: string
  flags: FlagView[]
  /** Division that has it now, higher up after an escalation. */
  handled: string
  level: number
  drafter: PersonView
  seq: number
  opened_at: number
  updated_at: number
  next_due?: number | null
  tasks: TaskView[]
  clocks: ClockView[]
  documents: DocumentView[]
  children: ChildView[]
  /** What the forms said, by field. */
  data: Record<string, unknown>
  locked?: LockView | null
  /** What the asker may do now. */
  actions: ActionView[]
  /** Operations of every kind that the asker could do now. */
  ops: OpView[]
  /** Days back that the asker may enter what was done (补录); `null`: not at all. */
  backfill_days?: number | null
  simulated: boolean
}

/** A food category (大类) or class of farm produce. */
export type Category = {
  /** `01` to `32` and below for food, `N…` for farm produce. */
  code: string
  name: string
  /** Code of the class above; empty at the top. */
  parent: string
  /** Farm produce that needs a 承诺达标合格证. */
  certificate: boolean
}

/** A cell of a report. */
export type Cell = number | string | null

/** Where a lot came from and went. */
export type Chain = {
  lot: number
  /** Ascending by lot number: causes come before what came of them. */
  nodes: Node2[]
  /** (from, to) */
  links: [number, number][]
  /** Lots reached backward and forward in all, the lot itself not counted. */
  sources: number
  followers: number
  /** More than the chain shows. */
  cut: boolean
}

/** What the browser is asked. */
export type Challenge = {
  /** Comes back with the answer, as it is. */
  ask: string
  /** For `navigator.credentials`: `publicKey`, binary fields in base64url. */
  options: Record<string, unknown>
  /** First moment at which an answer comes too late. */
  until_at: number
}

export type Change = {
  at: number
  actor: string
  /** create, update, status, site */
  action: string
  changes: FieldChange[]
}

/** What came of a walk along the chain. */
export type Check = {
  /** Of the job. */
  id: string
  /** User id. */
  asked_by: string
  started_at: number
  ended_at: number
  /** Rows that fitted, from the first. */
  rows: number
  /** The first row that does not fit; `null`: the chain is whole. */
  broken_at?: number | null
}

/** A check after the grant. */
export type Check2 = {
  /** Also the id of its case. */
  id: string
  licence: string
  party: string
  /** commitment, first, suspicion */
  why: string
  what: string
  opened_at: number
  /** kept, revoked, terminated, void; empty while it goes on */
  outcome: string
}

/** A call-back. */
export type Check3 = {
  round: number
  party: string
  place: number
  /** `null`: not called yet. */
  reached?: boolean | null
  informed?: boolean | null
  stopped?: boolean | null
  note: string
  user_name: string
  at?: number | null
  name: string
  division: string
}

/** A draw of holders to call. */
export type CheckDraw = {
  round: number
  /** Hex. */
  seed: string
  pool: number
  pool_hash: string
  size: number
  at: number
  user_name: string
  /** Its file: `/api/public/recall-draws/{draw}`; empty: drawn before draws were promised, by the smallest SHA-256(seed, id). */
  draw: string
}

export type CheckForm = {
  /** 核查结果 */
  note: string
}

export type CheckResult = {
  round: number
  party: string
  reached: boolean
  informed: boolean
  stopped: boolean
  note?: string
}

/** A version of a checklist with its items. */
export type Checklist = {
  head: ChecklistHead
  list: Item[]
}

/** A version of a checklist, without its items. */
export type ChecklistHead = {
  /** SHA-256 of the content, hex; visits are pinned to it. */
  hash: string
  code: string
  version: number
  name: string
  source: string
  /** data 随程序, import 由机关导入 */
  origin: string
  items: number
  /** Empty: the program. */
  by_name: string
  added_at: number
}

/** A checklist (data/checklists) and when it is the one. */
export type ChecklistPick = {
  code: string
  when?: Cond | null
}

export type ChildView = {
  kind: string
  id: string
  ended: boolean
}

export type Choice = {
  code: string
  name: string
  when?: Cond | null
}

/** What was chosen of one question. */
export type Chosen = {
  question: string
  /** Letters: `B`, `ACD`; empty: not answered, which is wrong. */
  chosen: string
}

/** 裁量情节 */
export type Circumstance = {
  code: string
  name: string
  /** mitigate 从轻减轻, exempt 不予处罚, `may_exempt` 可以不予处罚, aggravate 从重, serious 情节严重, step, police */
  effect: string
  statute: string
  certainty: string
}

/** A clerk to be made. */
export type ClerkInput = {
  /** The business; may be left out by the owner of one alone. */
  party?: string | null
  /** Sign-in name. */
  name: string
  full_name: string
  /** Empty for unknown. */
  phone?: string
}

/** What a clock of a kind rests on. */
export type ClockLaw = {
  /** With its length: `审核期限（10 个工作日）`. */
  name: string
  /** Empty: none is named. */
  statute: string
  /** As of [`ClockView`]. */
  certainty: string
}

/** One run of a clock. */
export type ClockRun = {
  code: string
  name: string
  statute: string
  /** How sure the statute is, as of clocks. */
  certainty: string
  /** running, paused, stopped, expired */
  state: string
  started_at: number
  /** The first millisecond too late. */
  late_from: number
  /** The last day in time, in China. */
  last_day: string
  /** Runs through a year whose holidays are not announced. */
  provisional: boolean
  /** Milliseconds that it stood still. */
  paused: number
  ended_at?: number | null
}

export type ClockView = {
  code: string
  name: string
  statute: string
  /** How sure the statute is: statute, page, confirmed, H, M, L, setting, practice; empty where nobody has said. */
  certainty: string
  /** running, paused, stopped, expired */
  state: string
  started_at: number
  late_from: number
  /** The last day in time, in China. */
  last_day: string
  provisional: boolean
  /** What is left, as the statute counts it; `null` where it does not run any more. */
  left?: LeftView | null
}

/** A trace code and where it leads. */
export type CodeAnswer = {
  code: string
  url: string
  lot: number
  printed: number
}

export type CodeForm = {
  /** labels to be printed now */
  labels?: number
}

/** A code and its name, in a group where the list has groups. */
export type Coded = {
  code: string
  name: string
  part: string
}

/** A column of a section. */
export type Column = {
  name: string
  /** Figures, set to the right. */
  num: boolean
}

/** 共同环节: ids of the stations and deliveries that every positive case is or goes back to. */
export type CommonLinks = {
  stations: string[]
  deliveries: string[]
}

/** A condition over what is filled in. A field's name beginning with `$` is about the application: `$act`, `$mode`, `$province`, `$matter`. Inside a row the row's own fields come first. */
export type Cond = {
  all: Cond[]
} | {
  any: Cond[]
} | {
  not: Cond
} | {
  is: [string, string]
} | {
  in: [string, string[]]
} | {
  has: [string, string]
} | {
  above: [string, number]
} | {
  below: [string, number]
}

/** What came back, as the producer confirms it: all of it so far. */
export type Confirm = {
  party: string
  origin: number
  amount: number
}

/** What a file says. */
export type Content = {
  /** [`FORMAT`] */
  format: string
  manager: Manager
  /** ISO week, `2026-W10`. */
  week: string
  /** First and last day. */
  from: string
  to: string
  version: number
  /** Who belonged to it on the last day. */
  members: number
  /** Failures that stood in the week, and earlier ones whose disposal goes on. */
  failing: Failing[]
  earlier: Failing[]
  corrected: Corrected[]
  /** Results that stood in the week. */
  tested: Share
  /** First day of the period of the lines below; it ends with the week. */
  since: string
  total: Share
  foods: Line[]
  items: Line[]
  by_member: Line[]
  /** The latest last. */
  weeks: Week[]
  touching: Touched[]
  findings: Open[]
  /** Made by the simulator: not real. */
  simulated: boolean
}

/** Everything that a report says. */
export type Content2 = {
  /** 食品安全监管周报 */
  name: string
  /** Who makes it: the bureau of the place, else the place. */
  organ: string
  division: string
  place: string
  first: string
  last: string
  /** In words: `2026年第10周（3月2日至3月8日）` */
  period: string
  before: string
  year_before: string
  /** When it was counted, in China: `2026-03-09 07:00` */
  as_of: string
  /** The most important in sentences. */
  summary: string[]
  sections: Table[]
  /** What is missing, and why. */
  missing: string[]
  source: string
  simulated: boolean
}

/** A failure that an earlier file told and that was overturned since. */
export type Corrected = {
  sample_no: string
  who: Who
  food: string
}

/** The declaration that an event was recorded in error. */
export type Correction = {
  reason: string
  /** Who declared it; empty where a file did. */
  by: string
  /** ms UTC */
  at: number
  /** The event that says what was meant, if any: number, public id, its first lot. */
  replaced_by?: number | null
  replaced_by_id?: string | null
  replaced_by_lot?: number | null
}

export type Counted = {
  code: string
  name: string
  count: number
}

/** A figure that a room counts. */
export type Counted2 = {
  code: string
  name: string
  unit: string
  now: number
  /** In the period before; `null` where the records begin later. */
  before?: number | null
}

/** How much there is to do. */
export type Counts = {
  /** In the asker's hands. */
  mine: number
  /** Of it what is late. */
  late: number
  /** What the asker may claim. */
  claimable: number
  kinds: KindCount[]
  tasks: TaskCount[]
}

/** How far a walk went. Counts are exact, whatever is listed. */
export type Counts2 = {
  /** lots reached, and of them within the filters */
  reached: number
  shown: number
  /** lots it starts from, and lots beyond them each way */
  seeds: number
  sources: number
  followers: number
  businesses: number
  deliveries: number
  relations: number
}

/** How many businesses there are. */
export type Counts3 = {
  statuses: Counted[]
  /** Of the active ones. */
  kinds: Counted[]
}

/** Tasks by what became of them. */
export type Counts4 = {
  tasks: number
  certain: number
  reported: number
  settled: number
  late: number
  seen: number
  /** Reported, with amounts unaccounted that no officer has accepted. */
  gaps: number
}

/** A county (6 digits; shorter or empty where no more is known). */
export type County = {
  division: string
  name: string
  stations: number
  lots: number
  sums: Sums[]
}

/** A county's part of a recall, in the recall's own unit. */
export type County2 = {
  division: string
  name?: string
  holders: number
  reported: number
  due: number
  /** On hand and sealed, returned, destroyed, mended. */
  controlled: number
  /** 去向不明 */
  open: number
}

/** Businesses of one risk grade and one credit grade in one county. */
export type CountyRow = {
  /** Six digits. */
  division: string
  division_name: string
  grade: string
  credit_grade: string
  count: number
}

/** How far a sample is. */
export type Course = {
  id: string
  /** 抽样单编号 */
  sample_no: string
  food: string
  party: string
  taken_at?: number | null
  received_at?: number | null
  issued_at?: number | null
  /** conforms, fails (confirmed), monitored, none (refused, not found, rejected), overturned; empty: open */
  result: string
  closed_at?: number | null
}

/** The credit file of a business (食品安全信用档案). */
export type CreditView = {
  party: string
  party_name: string
  division: string
  /** 0 to 100, now. */
  score: number
  /** Score of a business of which nothing is on file. */
  base: number
  /** A to D. */
  grade: string
  grade_name: string
  grade_source: string
  /** The latest first. */
  entries: Entry[]
  licences: Licence2[]
  /** Lists that it is or was on. */
  lists: Listed[]
  /** Measures that were proposed. */
  measures: Proposal[]
  /** What the public sees of it now. */
  shown: Item2[]
}

/** In which system a coordinate was given. */
export type Datum = 'wgs84' | 'gcj02' | 'bd09'

/** How much was under control at the end of a day. */
export type Day = {
  /** `2026-03-01` */
  day: string
  controlled: number
  reports: number
}

/** A business day. */
export type DayCount = {
  day: string
  purchases: number
  sales: number
}

/** a decimal as written: 0.02 */
export type Dec = string

export type DecidedItem = {
  item: string
  conforms: boolean
  why: string
}

/** The decision of the second person. */
export type Decision = {
  accept: boolean
  /** Up to 500 characters; needed where it is refused. */
  answer?: string
}

/** What is declared. */
export type Declaration = {
  reason: string
  /** What was meant: recorded in the same transaction, as an act of the same business. */
  instead?: NewMove | null
  /** What was meant, where it is recorded already: id of an event of the same business. */
  replaced_by?: string | null
}

/** What came of it. */
export type Declared = {
  /** The event declared wrong. */
  event: number
  /** The event that says what was meant, and the lots it made. */
  replaced_by?: number | null
  replaced_by_id?: string | null
  lots: number[]
}

/** Why a proposal is declined. */
export type DeclineSampleTarget = {
  reason: string
}

/** One wrong place in an input of many places (a row of a sheet, an event of a document). */
export type Defect = {
  /** Where: `主体!B12`, `/epcisBody/eventList/3/action`, `line 7 column 12`. */
  place: string
  /** Stable code for programs, `snake_case`. */
  code: string
  /** Chinese text for people: what is wrong and how to mend it. */
  message: string
}

export type Defective = {
  place: string
  code: string
  message: string
}

/** Demo accounts and the password they share. */
export type Demo = {
  password: string
  accounts: DemoAccount[]
  /** Trace code on a label of the planted incident: where the walk of the README begins. */
  code?: string | null
}

/** An account that was made. */
export type DemoAccount = {
  name: string
  full_name: string
  /** Chinese. */
  role: string
  /** Bureau or business, Chinese. */
  place: string
}

/** A recall with what is known of it. */
export type Detail = {
  recall: Recall
  level_name: string
  cause_name: string
  /** It may be mended and sold on. */
  remedy: boolean
  /** It is destroyed where it is, and not sent back. */
  on_the_spot: boolean
  counts: Counts4
  /** The recalled batch itself. */
  account: Account
  /** Every batch that the scope reached, a unit each: with what was made of it, and the possible ones. */
  accounts: Account[]
  batches: Batch2[]
  batches_count: number
  counties: County2[]
  days: Day[]
  draws: CheckDraw[]
  /** Whom to call is promised and not drawn yet. */
  promised?: DrawProof | null
  checks: Check3[]
  reached: Reached
  disposals: Disposal[]
  /** Buyers outside of the platform; of them told. */
  outside: number
  outside_told: number
  /** Consumers who follow the batch; of them with a telephone number. */
  followers: number
  phones: number
}

/** 快检设备 */
export type Device = {
  id: string
  code: string
  point: string
  name: string
  model: string
  serial_no: string
  /** active, withdrawn */
  state: string
  made_at: number
  /** `null`: never. */
  seen_at?: number | null
}

/** What opens the work kept on a phone. */
export type DeviceKey = {
  /** 32 bytes, base64. */
  key: string
}

export type Diagram = {
  nodes: Node[]
  edges: Edge[]
}

/** Which way the walk goes from where the case starts. */
export type Direction = 'both' | 'backward' | 'forward'

export type Disposal = {
  id: string
  party: string
  party_name?: string
  origin: number
  what: string
  stock: string
  amount: number
  unit: string
  place: string
  method: string
  told: string
  planned_at: number
  user: string
  user_name: string
  at: number
  /** planned, done, refused */
  state: string
  watched_by: string
  watched_name: string
  watched_at?: number | null
  opinion: string
  proof: string[]
}

/** A photo or paper of a stream. */
export type DisposalFile = {
  id: string
  side: string
  stream: string
  name: string
  /** SHA-256 */
  file: string
  media: string
  /** Bytes. */
  size: number
  user_name: string
  at: number
}

/** Whose a stream is (已分派). */
export type DisposalGiven = {
  /** trade, producer */
  side: string
  stream: string
  /** Place whose people fill it in and pass it. */
  division: string
  bureau: string
  at: number
  /** Who gave it; empty for the house. */
  by_name: string
}

export type DisposalReview = {
  side: string
  stream: string
  pass: boolean
  /** Why it is returned. */
  reason?: string
}

/** One of seven streams of one of two parties. */
export type DisposalStream = {
  /** trade, producer */
  side: string
  stream: string
  /** filled, passed, returned */
  state: string
  /** JSON */
  form: string
  filled_by: string
  filled_name: string
  filled_at: number
  reviewed_at?: number | null
  reason: string
}

/** 行政区划 of province (2 digits), city (4), county (6) or street level (9); a code is the prefix of what lies in it. */
export type Division = {
  code: string
  /** Of a street or town without the name of its county, which some repeat (濮阳县文留镇). */
  name: string
  /** Label point, WGS-84 degrees; only down to counties. */
  lon?: number | null
  lat?: number | null
  /** First day, `2023-04` or `2023-04-03`; empty where it is not known. */
  valid_from: string
  /** First day on which it is no more; empty while valid. */
  valid_to: string
  /** The one code that came after; empty while valid, and where it was divided among several. */
  replaced_by: string
  /** The codes that came after. */
  successors: string[]
}

/** One change: a pair of codes and the day from which it holds. */
export type DivisionChange = {
  /** First day of the new state: `2026-03-01`. */
  day: string
  /** Empty for a division that was set up anew. */
  old_code: string
  old_name: string
  /** The same as `old_code` for a new name; empty for a division that ended without a successor. */
  new_code: string
  new_name: string
  /** 依据 */
  basis: string
}

/** What a list changes, or what is wrong with it. */
export type DivisionPlan = {
  /** Rows of the list. */
  rows: number
  /** Rows that were taken in before. */
  known: number
  /** New changes; the first 200 are listed. */
  total: number
  changes: PlannedChange[]
  /** Businesses that will lie in another division, on the day of the change or at once where that is past. */
  businesses: number
  /** Businesses of divisions that are divided among several and not by street: an officer must say where each lies. */
  undecided: number
  /** Why the list is not taken in; nothing of it is then. */
  defects: Place[]
  /** All of them, also those not listed. */
  defects_total: number
  /** The job that puts businesses under their new divisions; empty before a list is taken in, and where nothing is new. */
  job: string
}

export type DocumentView = {
  code: string
  name: string
  number: string
  issued_at: number
  annulled_at?: number | null
  /** The code on it; empty where no text was kept, and there is no PDF. */
  verify: string
}

/** All that is known of a business, as an officer sees it. */
export type Dossier = {
  party: Party
  kind_name: string
  division_name: string
  status_name: string
  item_names: string[]
  /** What the QR code of this business says. */
  url: string
  licences: HeldLicence[]
  /** Masked. */
  people: Person[]
  sites: Site[]
  /** Newest first, at most 50. */
  changes: Change[]
  sections: Section[]
  /** Where this record was merged into another: how, and that other's code and name. */
  merged?: MergedInto | null
  /** Codes and names of records that were merged into this one; they resolve to it. */
  merged_from: OldRecord[]
}

/** A form that is not handed in yet. */
export type Draft = {
  id: string
  party: string
  party_name: string
  matter: string
  act: string
  mode: string
  /** Number of the licence that it is about; empty for a new one. */
  licence: string
  form_version: number
  content: Record<string, unknown>
  updated_at: number
}

/** A form as far as it is filled in. */
export type DraftForm = {
  matter: string
  /** new, change, renew, reissue, cancel */
  act: string
  /** commitment, remote; ordinary where left out */
  mode?: string | null
  /** Applicant; the asker's own business where it is the only one. */
  party?: string | null
  /** Number of the licence that it is about. */
  licence?: string | null
  version: number
  content: Record<string, unknown>
}

/** A draw as lists show it. */
export type Draw = {
  id: string
  name: string
  division: string
  count: number
  team: number
  /** Subjects in the pool. */
  subjects: number
  /** Officers in the pool. */
  officers: number
  by_name: string
  committed_at: number
  /** `null`: not drawn yet. */
  drawn_at?: number | null
  /** When visits were planned from it. */
  visits_at?: number | null
  seed_hash: string
  pool_hash: string
}

/** A draw as it is published. */
export type DrawFile = {
  /** shian-draw-1, shian-draw-2 */
  format: string
  id: string
  name: string
  /** SHA-256 of the bytes of the seed, hex; in the ledger before. */
  seed_hash: string
  /** SHA-256 of the lines of the pool, hex; in the ledger before. */
  pool_hash: string
  /** 32 bytes, hex; empty before the draw. */
  seed: string
  /** The signed checkpoint that was mixed in; empty before the draw. */
  checkpoint: string
  /** Lines of the pool. */
  pool: string
  /** Empty before the draw. */
  result: Picked[]
}

/** Where a draw stands in the ledger, and its proof. */
export type DrawProof = {
  draw: KeptDraw
  /** Leaf of the ledger with the commitment; `null`: on its way there. */
  leaf?: number | null
  /** Leaves signed so far: at `leaf` or above, it can be drawn. */
  ledger_size: number
  /** The note that was mixed in; empty before the draw. */
  checkpoint: string
}

export type DrawQuery = {
  /** In the name. */
  q?: string | null
  /** committed, drawn, planned */
  state?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type DrawQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: DrawQuery
}

/** How the tasks of a draw are done. */
export type DrawTasks = {
  /** inner, outer, quality */
  mode: string
  /** supervision, monitor */
  kind: string
  lab: string
}

/** What came of it. */
export type DrawTasksMade = {
  made: number
  /** No place, nobody to go, or the place is closed since. */
  left: number
}

/** A draw with its proof. */
export type DrawView = {
  draw: Draw
  /** Leaf of the ledger that has the commitment; `null` before the ledger took it. */
  leaf?: number | null
  /** Leaves of the ledger's latest checkpoint: from `leaf` on it can be drawn. */
  ledger_size: number
  /** The signed checkpoint that was mixed in; empty before. */
  checkpoint: string
  /** Subjects left out before, and why: `above` visited by a level above within three months. */
  excluded: number
  picked: PickedView[]
  /** Where anybody gets the file to do it again. */
  file_url: string
}

/** What was planned from a draw. */
export type DrawVisits = {
  planned: number
  /** Drawn, but nobody is free to go, or the business is no more. */
  left: number
}

export type DrawnDelivery = {
  id: string
  from: string
  to: string
  product: string
  batch: string
  departure: string
  arrival: string
  /** base units; null unknown */
  amount?: number | null
  unit: string
  /** null in a network of a file */
  lot?: number | null
}

export type DrawnLab = {
  /** As the file has it. */
  code: string
  name: string
  drawn: boolean
}

export type DrawnRelation = {
  from: string
  into: string
}

/** A seat of a draw, with names. */
export type DrawnSeat = {
  /** From 1, in the order of the result. */
  no: number
  /** Cell of the plan. */
  quota: string
  category_name: string
  /** produce, trade, catering */
  stage: string
  /** Platform code of the place; empty: none was left for this seat. */
  code: string
  party: string
  name: string
  address: string
  /** Names; none: nobody is free to go. */
  officers: string[]
  /** The rotation of areas was set aside. */
  waived: boolean
  /** The task that was made of it; empty for none. */
  sample: string
}

/** A drill. */
export type Drill = {
  id: string
  at: number
  /** nightly, hand */
  way: string
  user_name: string
  /** Hex, of the draw; empty: the lot was chosen. */
  seed: string
  /** Lots there were, 1 to this. */
  all_lots: number
  lot: number
  food: string
  batch: string
  party: string
  division: string
  sources: number
  followers: number
  holders: number
  counties: number
  /** Time to trace, µs. */
  micros: number
  links: number
  broken: number
  simulated: boolean
}

/** Figures over drills. */
export type DrillFigures = {
  drills: number
  /** First and last day of those counted; empty: none. */
  from: string
  to: string
  /** Time to trace, µs: half, nine in ten, ninety-nine in a hundred, the longest. */
  p50: number
  p90: number
  p99: number
  most: number
  links: number
  broken: number
  counties: Links[]
  simulated: boolean
}

/** By when the visits are due. */
export type DueAsk = {
  /** `2026-04-30` */
  due: string
}

/** Something that waits for this person: a code the console has words for, and how many. */
export type Duty = {
  code: string
  count: number
}

/** An action. */
export type Edge = {
  from: string
  to: string
  action: string
  name: string
  /** The house does it when a clock is over. */
  by_clock: boolean
  statute: string
  /** How sure the statute is, as of clocks. */
  certainty: string
}

/** How a relation ends. */
export type EndMember = {
  /** First day on which it holds no longer; today where it is not said. */
  until?: string
  reason: string
}

/** A case as lists show it. Sums in fen. */
export type EnforcementCase = {
  /** Also the id of its case of the flow kit. */
  id: string
  /** case, `case_simple` */
  kind: string
  number: string
  source: string
  source_ref: string
  /** The finding or the simple case that it came of; empty for none. */
  above: string
  party: string
  party_name: string
  party_kind: string
  division: string
  what: string
  /** Code of the penalty table; empty: not said yet. */
  article: string
  goods_value?: number | null
  gain?: number | null
  penalties: string[]
  fine?: number | null
  confiscated?: number | null
  /** Number of the decision; empty: none yet. */
  decision: string
  decided_at?: number | null
  served_at?: number | null
  paid: number
  published_at?: number | null
  withdrawn_at?: number | null
  status: string
  /** open, suspended, done, terminated, void */
  phase: string
  /** archived, `not_filed`, withdrawn, transferred, ordinary, `no_penalty`, unfounded, terminated, void; empty while it goes on. */
  outcome: string
  opened_at: number
  closed_at?: number | null
  simulated: boolean
}

/** What an authenticator app is given. */
export type Enrolment = {
  /** For typing. */
  secret: string
  /** `otpauth:` address. */
  url: string
  /** The same as a QR code, an SVG in a `data:` address. */
  qr: string
}

/** Something on the credit file. */
export type Entry = {
  /** `event:ID`, `finding:ID` */
  id: string
  /** data/credit/events.csv, or `finding` */
  kind: string
  /** What it came from. */
  about: string
  /** 文号, 证号; empty for none. */
  number: string
  what: string
  at: number
  noted_by: string
  revoked_at?: number | null
  revoke_reason: string
  /** Points it gives or takes now; 0 where its term is over or it was revoked. */
  points: number
  /** First moment at which it counts no more; `null` it never counts. */
  until?: number | null
  name: string
  /** licence, inspection, sampling, penalty, complaint, commitment, other */
  part: string
  bad: boolean
  source: string
  article: string
  certainty: string
}

/** What an event did. */
export type EventKind = 'harvest' | 'produce' | 'pack' | 'unpack' | 'ship' | 'receive' | 'refuse' | 'return' | 'sell' | 'loss' | 'destroy' | 'stocktake' | 'observe' | 'opening'

/** What a list of events, or one of the ledgers, is asked for. */
export type EventQuery = {
  /** part of the product's name or code, a batch or a document number */
  q?: string | null
  party?: string | null
  counterpart?: string | null
  kind?: string | null
  doc_no?: string | null
  /** business day from, YYYY-MM-DD */
  from?: string | null
  /** business day until, YYYY-MM-DD, that day included */
  until?: string | null
  /** prefix of a division code */
  division?: string | null
  /** 1: only history declared by an importer; 0: only what was recorded here */
  declared?: number | null
  /** -no (default), no */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type EventQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: EventQuery
}

/** An event in a list: one line of a ledger. */
export type EventRow = {
  no: number
  id: string
  kind: string
  party: string
  division: string
  counterpart?: string | null
  counterpart_name: string
  at: string
  recorded_at: number
  doc_no: string
  difference?: number | null
  reason: string
  channel: string
  declared: boolean
  simulated: boolean
  /** first lot it made, or first lot it took where it made none */
  lot?: number | null
  product?: string | null
  product_name?: string | null
  spec?: string | null
  batch?: string | null
  made?: string | null
  expires?: string | null
  /** base units of that lot */
  amount?: number | null
  unit?: string | null
  /** declared wrong, with this reason */
  corrected?: string | null
  /** the declaration that it was recorded in error, with who, when, and the event that says what was meant */
  correction?: Correction | null
  /** the wrong event that this one stands for */
  replaces?: Wrong | null
  /** 随货凭证 and supplier, where any were given */
  papers?: Papers | null
  /** of a production */
  additives: Additive[]
}

/** A piece of evidence. */
export type Evidence = {
  id: string
  finding: string
  /** found, mend, verify */
  stage: string
  /** SHA-256 of the content. */
  file: string
  media: string
  size: number
  user: string
  user_name: string
  taken_at?: number | null
  received_at: number
  lon?: number | null
  lat?: number | null
  /** Metres. */
  accuracy?: number | null
  /** Metres from the business. */
  distance?: number | null
  in_app: boolean
  /** JSON of what the camera wrote. */
  exif: string
  width?: number | null
  height?: number | null
  /** What an officer should look at: reused, far, no_place, clock, album, edited, unread. */
  doubts: string[]
  /** What has shown the same before: evidence of another finding by its id, or `visit:ID`; empty for none. */
  reused: string
  /** SHA-256 of the record, a fact of the ledger. */
  hash: string
}

/** A review that was done. */
export type EvidenceReview = {
  user: string
  name: string
  at: number
  pass: boolean
  note: string
}

/** Which of the two reviews. */
export type EvidenceReviewKind = 'legal' | 'technical'

/** What came of somebody who was examined, in brief. */
export type ExamResult = {
  no: number
  post: string
  /** Masked. */
  name: string
  /** Of a hundred. */
  score: number
  passed: boolean
}

/** What came of an examination. */
export type ExamView = {
  no: number
  post: string
  post_name: string
  /** Masked. */
  name: string
  bank: string
  version: number
  stage: string
  seed: string
  /** Questions asked. */
  asked: number
  /** Answered as they should be: all right choices and no other. */
  right: number
  /** Of a hundred, rounded down. */
  score: number
  /** From how many points of a hundred it was passed. */
  pass: number
  passed: boolean
  started_at: number
  ended_at: number
  /** Hash of the signature; empty none. */
  file: string
  /** The finding that it opened; empty none. */
  finding: string
  asked_of: Asked[]
}

/** Somebody who was examined, as the device hands it in. */
export type Examined = {
  /** Number of the paper in the pack, from 1. */
  no: number
  /** Bank and version of the paper. */
  bank: string
  version: number
  /** director, officer, head, other */
  post: string
  /** Masked: `张*`. The whole name is kept nowhere. */
  name: string
  /** By the device, ms UTC. */
  started_at: number
  ended_at: number
  answers: Chosen[]
  /** Hash of the person's signature; empty: not signed. */
  file?: string
}

export type ExportBody = {
  format?: Format
  /** The list as it is filtered: the query of `/api/parties`. */
  list?: ListQuery
  /** Persons and telephone numbers whole; needs the permission for that, and is audited. */
  personal?: boolean
}

/** A factor of the risk grade. */
export type Factor = {
  variant: string
  /** static, dynamic, credit: points; up, down: a step of the grade; to_d: the last grade. */
  part: string
  code: string
  name: string
  /** The fact that it looks at. */
  fact: string
  /** is, in, least, each, unknown */
  test: string
  value: string
  points: number
  /** No more than this for the factor. */
  cap: number
  certainty: string
  source: string
  article: string
  effective_from: string
  effective_to: string
}

/** A failure that stands. */
export type Failing = {
  sample_no: string
  who: Who
  food: string
  category: string
  /** What fails, with result, limit and standard. */
  failing: string
  /** Days in China; empty: not known. */
  taken: string
  stood: string
  /** 核查处置 goes on. */
  open: boolean
}

/** A part of the feed. */
export type Feed = {
  after: number
  /** Ask with this as `after` for the next part. */
  last: number
  /** There is more. */
  more: boolean
  /** Each a JSON text, as it was hashed: number, time, kind, business. */
  lines: string[]
  /** Signed note (C2SP) over origin, after, last and the SHA-256 of the lines, each with a line break. */
  note: string
  /** Key to check it with. */
  key: string
}

/** A field of an action's form. */
export type Field = {
  code: string
  name: string
  kind: FieldKind
  required?: boolean
  /** Choices, where it is one. */
  options?: Named[]
  /** Characters of a text, or entries of a list. */
  most?: number | null
}

/** One thing to fill in. */
export type Field2 = {
  code: string
  name: string
  kind: FieldKind2
  required?: boolean
  /** Must be filled in when this is so. */
  required_when?: Cond | null
  /** Asked only when this is so; otherwise it must be left out. */
  when?: Cond | null
  options?: Choice[]
  /** A list of the platform instead of options: trade_items, food_classes, sc_classes. */
  options_from?: string
  /** Smallest number, or fewest rows, choices or files. */
  least?: number | null
  /** Largest number, most characters, rows, choices or files. */
  most?: number | null
  hint?: string
  /** What the platform knows already: name, uscc, address. */
  prefill?: string
  /** Columns of a row. */
  fields?: Field2[]
  /** Printed on the licence. */
  face?: boolean
  /** Personal data: masked for whoever may not see it. */
  personal?: boolean
}

/** One thing that was changed; personal data masked. */
export type FieldChange = {
  field: string
  old: string
  new: string
}

export type FieldKind = 'text' | 'number' | 'bool' | 'choice' | 'users' | 'date' | 'money' | 'user' | 'ids'

export type FieldKind2 = 'choice' | 'choices' | 'files' | 'phone' | 'text' | 'long' | 'number' | 'date' | 'flag' | 'rows' | 'file' | 'id_no' | 'uscc'

/** A field of a form. */
export type FieldView = {
  code: string
  name: string
  /** text, date, number, money (fen), bool, choice, user, users, ids */
  kind: FieldKind
  required: boolean
  options: FlagView[]
  most?: number | null
}

/** One line of the statistics. */
export type Figure = {
  key: string
  name: string
  /** Valid tests (not those that came out invalid), those positive or suspect among them. */
  share: Share
  invalid: number
}

/** Cases of a kind. */
export type Figures = {
  /** Begun in the period. */
  opened: number
  /** Begun in the period before; `null` where the records begin later. */
  before?: number | null
  /** Begun in the same days of last year; `null` where the records begin later. */
  year_before?: number | null
  /** Ended in the period. */
  ended: number
  /** Open at the end of the period, or now where it goes on. */
  open: number
  /** Open now and due within seven days, not late. */
  due: number
  /** Open now and late. */
  late: number
}

/** How a list is asked for. */
export type FileQuery = {
  manager?: string | null
  /** `2026-W10` */
  week?: string | null
  /** market, chain, platform */
  relation?: string | null
  /** taken, waiting */
  receipt?: string | null
  /** 1: only files with new failures, recalls or holds */
  alert?: number | null
  /** 1: also versions that a later one replaced */
  all?: number | null
  /** Name of the manager. */
  q?: string | null
  /** week, name, failed, members, taken; `-` before it turns it round. The latest week first where it is not said. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type FileQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: FileQuery
}

/** A file in a list. */
export type FileRow = {
  id: string
  manager: string
  name: string
  division: string
  division_name: string
  /** market, chain, platform */
  relation: string
  week: string
  /** First moment of the week, and of the one after. */
  from_at: number
  until_at: number
  version: number
  /** Why it was made again; empty: the first. */
  reason: string
  made_by: string
  made_at: number
  /** SHA-256 of the content. */
  hash: string
  members: number
  failed: number
  open_failed: number
  touching: number
  open_findings: number
  simulated: boolean
  /** 签收; `null`: not yet. */
  taken_at?: number | null
  taken_by: string
  taken_note: string
  /** There is a later version of the same week. */
  replaced: boolean
}

/** A file with what it says. */
export type FileView = {
  row: FileRow
  content: Content
  /** The signed note of the content, and the key that it opens with. */
  note: string
  key: string
  /** The asker may take receipt, or have it made again. */
  may_take: boolean
  may_make: boolean
}

/** A finding as lists show it. */
export type Finding = {
  /** Also the id of its case. */
  id: string
  /** 问题〔2026〕12号 */
  number: string
  /** On the record: who scans it answers. */
  code: string
  source: string
  source_ref: string
  party: string
  party_name: string
  party_kind: string
  /** Empty: the business itself. */
  site: string
  division: string
  what: string
  rule: string
  /** minor, general, serious */
  severity: string
  found_at: number
  /** First moment at which mending is late. */
  due_at?: number | null
  mended_at?: number | null
  /** The first answer came in time; `null` no answer yet. */
  in_time?: boolean | null
  overdue_at?: number | null
  reopened: number
  closed_at?: number | null
  /** closed, dismissed, filed, terminated, void; empty while it goes on. */
  outcome: string
  /** found, mending, verifying, case, closed, dismissed, filed */
  status: string
  /** open, suspended, done, terminated, void */
  phase: string
  /** Escalations so far. */
  level: number
  simulated: boolean
}

/** What is wanted of the list. */
export type FindingQuery = {
  /** Text in what was found, in the rule, or the number. */
  q?: string | null
  party?: string | null
  /** 业态 of the business. */
  kind?: string | null
  source?: string | null
  severity?: string | null
  /** A status of the case. */
  status?: string | null
  /** `open` goes on, `late` overdue and not closed, `ended`. */
  state?: string | null
  /** Prefix of divisions. */
  division?: string | null
  /** First day found: `2026-01-01`. */
  from?: string | null
  /** Last day found. */
  to?: string | null
  /** What a figure of the rates counts: found, closed, ordered, in_time, overdue, reopened. */
  measure?: string | null
  /** `found` the latest first, `found_up`, `due` the nearest first, `due_down`. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type FindingQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: FindingQuery
}

/** Additives are weighed finer than food. */
export type FineUnit = 'mg' | 'ul'

export type FlagView = {
  code: string
  name: string
}

/** Somebody who follows a batch, as an officer sees it. */
export type Follower = {
  token: string
  /** Masked; empty: none was given, or it is wiped. */
  phone: string
  /** Follows with an account, and is told by a message in the system. */
  account: boolean
  /** The lot that the followed batch began with: the recalled one, or one made of it. */
  lot: number
  /** Since when. */
  at: number
  told: ToldOf[]
}

/** Followers of a recall in numbers. */
export type FollowerCounts = {
  followers: number
  /** With a telephone number. */
  phones: number
  /** With an account. */
  accounts: number
  /** With a number, and neither called nor written to. */
  waiting: number
}

/** A text for the bureau's own channel, with where it goes. */
export type FollowerLetter = {
  phone: string
  text: string
}

/** That an officer told a follower. */
export type FollowerTold = {
  /** phone, sms */
  how: string
  /** At most 300 characters. */
  note?: string
}

/** Whether the asker follows a batch. */
export type Following = {
  following: boolean
}

/** A row of a table of limits; never changed once it is there. */
export type FoodLimit = {
  id: string
  /** GB 2762-2022 */
  standard: string
  item: string
  /** Place in the tree of foods: `14.1.2`; empty for all foods. */
  category: string
  /** The food within the category, as the standard names it; empty for all. */
  food: string
  /** Foods that it does not hold for. */
  except: string[]
  bound: LimitBound
  unit: string
  /** First day, `2022-06-30`. */
  from: string
  /** First day on which it holds no longer; empty without end. */
  until: string
  /** Somebody compared it with the standard. */
  verified: boolean
}

/** One version of one form. A draft and a submission name the version that they were filled in under. */
export type Form = {
  code: string
  /** From 1; another text needs another number. */
  version: number
  name: string
  /** The rule that asks for it. */
  source: string
  /** confirmed, page, unconfirmed, setting */
  certainty: string
  steps: Step2[]
}

/** How a question is answered. */
export type Form2 = 'judge' | 'single' | 'multi'

/** The form of a file. */
export type Format = 'xlsx' | 'csv'

/** A name that a division had until it got another. */
export type FormerName = {
  name: string
  /** First day on which it was no more its name. */
  until: string
}

/** What was found, group by group; groups without a hit are left out. */
export type Found = {
  groups: Group[]
  /** Nothing holds the words as they stand; these are names one or two typing errors away. */
  guessed: boolean
  /** The index of products is being built: there may be more. */
  building: boolean
}

/** A finding in brief. */
export type FoundView = {
  id: string
  number: string
  code: string
  /** Item of the checklist; empty where it came otherwise. */
  item: string
  what: string
  severity: string
  status: string
  due_at?: number | null
  closed_at?: number | null
}

export type FreezeBody = {
  /** grounds, who approved */
  note?: string
  /** how the case is looked at: what the filters leave out is not in the scope */
  view?: View
  /** the case goes on; otherwise it takes no more marks */
  keep_open?: boolean
}

/** A frozen scope without its content. */
export type FrozenScope = {
  id: string
  investigation: string
  no: string
  division: string
  bureau: string
  note: string
  /** last event of the ledger that was seen; 0 for a network file */
  event: number
  lots: number
  stations: number
  deliveries: number
  /** filters, totals, counties as they were */
  summary: Record<string, unknown>
  marks: Marks
  /** SHA-256 of the content */
  hash: string
  by: string
  at: number
}

/** A document that somebody wants to be sure of. */
export type Genuine = {
  /** `行政处罚决定书` */
  title: string
  number: string
  organ: string
  /** In China, `2026-03-01`. */
  issued_on: string
  /** 作废, since that day; `null` it stands. */
  void_since?: string | null
  /** SHA-256 of its text, hex; the first sixteen are printed on it. */
  hash: string
  /** What was declared of it after it was issued, the first first: a correction of a result. */
  remarks: string[]
  simulated: boolean
}

/** What changed with a grade. */
export type GradeChange = {
  no: number
  year: number
  at: number
  cause: string
  grade: string
  total: number
  /** Factors whose points are other than before; none for the first. */
  changes: PointChange[]
}

/** A grade with its points. */
export type Graded = {
  no: number
  year: number
  /** SHA-256 of the rules. */
  rules: string
  variant_name: string
  variant_source: string
  /** first, yearly, monthly, event, adjust, rules */
  cause: string
  at: number
  /** As it stands: by the rules, or adjusted. */
  grade: string
  points: Point[]
  static_points: number
  dynamic_points: number
  credit_points: number
  total: number
  /** By points alone. */
  base_grade: string
  /** By the rules, steps included. */
  computed: string
  least: number
  most: number
}

/** From when until when; both may be left out. */
export type GrantInput = {
  post: string
  from_at?: number | null
  until_at?: number | null
}

/** 网格 */
export type Grid = {
  id: string
  bureau: string
  name: string
  division: string
}

/** A grid to be made or changed. */
export type GridInput = {
  /** A grid stays with its bureau. */
  bureau: string
  name: string
  division: string
}

/** A ground of data/credit/grounds.csv. */
export type Ground = {
  code: string
  name: string
  certainty: string
  source: string
}

export type Group = {
  /** code, business, product, lot */
  kind: string
  name: string
  total: number
  /** There are more than `total`. */
  more: boolean
  hits: Hit[]
}

/** Something that is half done. */
export type Half = {
  /** simulation, import */
  code: string
  /** What it is and how far it came. */
  text: string
  /** How it goes on. */
  next: string
}

/** To whom the first laboratory hands the spare. */
export type HandTo = {
  lab: string
  name: string
}

/** What came of handing in. */
export type Handed = {
  submission: string
  /** Id of the application; empty where there are defects. */
  permit: string
  number: string
}

/** Whether the house stands. */
export type Health = {
  /** `ok` */
  state: string
  version: string
}

/** A licence and how it stands today. */
export type HeldLicence = {
  id: string
  kind: string
  number: string
  issued: string
  expires: string
  issuer: string
  kind_name: string
  /** valid, expiring, expired, unknown */
  state: string
}

export type History = {
  steps: Step[]
  stays: Stay[]
  clocks: ClockRun[]
  /** The picture of its kind, as it was when the case began. */
  diagram: Diagram
}

export type Hit = {
  /** business, product, lot */
  kind: string
  /** Id of a business or product, number of a lot. */
  id: string
  title: string
  /** What tells it from others of the same name. */
  detail: string
  simulated: boolean
}

/** 暂停流转: a hold on what somebody has of a batch. */
export type Hold = {
  id: string
  holder: string
  origin: number
  lot: number
  /** The case that it is for. */
  about: string
  reason: string
  set_at: number
  /** `null`: stands. */
  lifted_at?: number | null
  lift_reason: string
}

/** Who holds a post now. */
export type Holder = {
  id: string
  full_name: string
}

/** What one holder sees and does. */
export type Holding = {
  /** Buyers outside of the platform to whom it sent the food. */
  outside: number
  recall: Recall
  level_name: string
  cause_name: string
  remedy: boolean
  on_the_spot: boolean
  task: Task
  lines: Line2[]
  photos: Photo2[]
  reports: Report[]
  disposals: Disposal[]
  /** For the producer: what others say they sent back, and what is confirmed. */
  returns: ReturnRow[]
}

/** A post somebody holds, or a business somebody acts for. */
export type Holding2 = {
  /** Of the grant; what is withdrawn. */
  id: string
  post: string
  title: string
  bureau: string
  roles: string[]
  areas: Area[]
  grids: Grid[]
  from_at: number
  /** First moment after; `null` without end. */
  until_at?: number | null
  granted_by: string
}

/** The first page. Figures a person has no right to are not in it. */
export type Home = {
  as_of: number
  figures: {
    [key: string]: number
  }
  duties: Duty[]
  /** Oldest first. */
  daily: DayCount[]
  /** The business day that figures of trade are of: today, or the last day with any while today has none. */
  trade_day: string
  /** The days that figures of stock were made with, so that links lead to the same lists. */
  today: string
  week_on: string
  three_ago: string
  /** Last day of licences that are called expiring. */
  licences_by: string
  /** What a stopped server left half done, for who looks after the machine. */
  unfinished: Half[]
}

/** What became of a sheet. */
export type ImportResult = {
  /** Rows that held something. */
  read: number
  added: number
  updated?: number
  rejected: number
  /** The first 200. */
  defects: Place[]
  defects_total: number
  /** Headings that were not understood. */
  unknown: string[]
  /** Hash of the file of rejected rows; empty when there are none. */
  file: string
  file_name: string
  /** Nothing was kept: this is what the import would do. */
  dry_run?: boolean
}

/** What came of an import. */
export type Imported = {
  kept: number
  refused: number
  /** The first faults, each with its cell. */
  defects: Defective[]
}

/** A workbook out of a zip. */
export type ImportedBook = {
  name: string
  added: number
  known: number
  rejected: number
  /** For its rejected rows; empty where it was not taken in. */
  id: string
  /** Why it was not taken in; empty: it was. */
  why: string
}

/** What an instrument says of one item of one sample. */
export type InstrumentReading = {
  /** Blind code of the sample. */
  blind: string
  item: string
  method?: string
  /** As written: `0.55`, `<10`, `未检出`. */
  result: string
  unit?: string
  lod?: string
}

export type InstrumentShape = {
  code: string
  name: string
  /** table, records */
  form: string
  /** What a column is, by what it may be called: blind, item, method, result, unit, lod, type. */
  heads?: {
    [key: string]: string[]
  }
  /** Kinds of samples that are not samples: standards, blanks. */
  skip?: string[]
  /** What stands for 未检出. */
  absent?: string[]
  separator?: string
  component?: string
}

/** data/instruments.json */
export type Instruments = {
  source: string
  shapes: InstrumentShape[]
  /** Names of items as instruments write them. */
  names: {
    [key: string]: string
  }
}

/** One thing to look at. */
export type Item = {
  /** Unique in its list: `C01`. */
  code: string
  section: string
  /** 重点项目 */
  important: boolean
  text: string
  statute: string
  /** statute: the article is read in the text; H: general knowledge. */
  certainty: string
  guidance: string
  /** always, bad, never */
  photo: string
}

/** Something that is shown from a time until a time (公示). */
export type Item2 = {
  id: string
  /** Dense, in the order they were announced. */
  no: number
  /** data/publication/terms.csv */
  kind: string
  /** What it comes from: id of the visit, case, licence. */
  about: string
  party: string
  /** Masked where it is like a person's. */
  name: string
  code: string
  uscc: string
  division: string
  number: string
  title: string
  /** What the public may read, by Chinese heading. */
  content: Record<string, unknown>
  issuer: string
  decided_at: number
  /** Shown from then on. */
  from_at: number
  /** First moment at which showing it is late. */
  due_at: number
  /** Shown before then; `null` as long as it stands. */
  until_at?: number | null
  /** Empty: not held back. */
  hold_reason: string
  held_by: string
  shown_at?: number | null
  ended_at?: number | null
  withdrawn_at?: number | null
  /** First moment at which the withdrawal would have been late. */
  withdraw_due?: number | null
  withdraw_reason: string
  simulated: boolean
}

/** A job as people see it. */
export type Job = {
  id: string
  kind: string
  title: string
  /** queued, running, done, failed, cancelled */
  state: string
  attempts: number
  done: number
  total?: number | null
  note: string
  /** JSON text, its shape depends on the kind. */
  result?: string | null
  error?: string | null
  /** Code of the last failure; empty where there was none. */
  error_code: string
  /** Where in the input it was: `line 3`, `relations/7`; empty where it has no place. */
  error_place: string
  created_at: number
  updated_at: number
}

/** What came of one item against one limit. */
export type JudgedItem = {
  item: string
  /** As it was reported. */
  result: string
  unit: string
  /** `None`: no row holds for this item, food and day. */
  limit?: FoodLimit | null
  outcome: JudgedOutcome
  /** The rule, in words. */
  rule: string
}

export type JudgedOutcome = 'conforms' | 'fails' | 'undecided'

/** One line that was kept. */
export type Kept = {
  /** Place in the request, from 0. */
  index: number
  event: number
  /** Public id of the event. */
  id: string
  /** Lots it made. */
  lots: number[]
  /** It had been recorded before under the same key. */
  repeated: boolean
}

/** A draw of a room, as lists show it. */
export type KeptDraw = {
  id: string
  /** What it is drawn for. */
  about: string
  name: string
  division: string
  /** To be drawn. */
  seats: number
  /** In the pool. */
  subjects: number
  /** In the pool. */
  officers: number
  /** Left out before, with the reason in the pool. */
  excluded: number
  by_name: string
  committed_at: number
  /** `null`: not drawn yet. */
  drawn_at?: number | null
  /** When the room made what was drawn. */
  used_at?: number | null
  seed_hash: string
  pool_hash: string
}

/** A line or a column. */
export type Key = {
  /** What narrows to it. */
  key: string
  name: string
}

export type KeyForm = {
  /** 13-digit GLN, its EPC URI or Digital Link, or another code */
  code: string
}

/** A key to be made. */
export type KeyInput = {
  /** What it is for. */
  name: string
  /** The business; may be left out by the owner of one alone. */
  party?: string | null
  bureau?: string | null
  /** What it may do; for a bureau empty, the 安全管理员 gives them. */
  permissions?: string[]
  /** How long it lives, 1 to 730. */
  days: number
}

/** A key as people see it; never the key itself. */
export type KeyRow = {
  id: string
  name: string
  party?: string | null
  party_name?: string | null
  bureau?: string | null
  bureau_name?: string | null
  division: string
  made_by: string
  made_by_name: string
  made_at: number
  /** First moment after. */
  until_at: number
  /** active, waiting (for its permissions), expired, revoked */
  state: string
  permissions: string[]
  /** The last day it was used. */
  used_on?: string | null
}

/** Codes by which other systems name a business. */
export type Keys = {
  codes: string[]
}

/** Of a kind, in the asker's hands. */
export type KindCount = {
  kind: string
  name: string
  mine: number
  late: number
}

/** A kind of case. */
export type KindName = {
  kind: string
  name: string
  /** The asker may see cases of this kind. */
  readable: boolean
}

/** A kind of case. */
export type KindView = {
  kind: string
  name: string
  version: number
  /** The laws it follows. */
  source: string
  /** SHA-256 of the definition, as cases are pinned to it. */
  hash: string
  diagram: Diagram
  clocks: ClockLaw[]
}

export type KnownCard = {
  item: string
  method: string
  maker: string
  batch: string
  /** Last day. */
  expires: string
  used_at: number
}

export type KnownFood = {
  food: string
  goods: string
  times: number
}

export type KnownStall = {
  stall: string
  party: string
  party_name?: string
  used_at: number
}

export type Lab = {
  id: string
  name: string
  division: string
  cma: string
  cma_until: string
  recheck: boolean
  /** active, withdrawn */
  state: string
  /** When that was last set, why, and by whom; `null` and empty: never since it was registered. */
  state_at?: number | null
  state_why: string
  state_by: string
  items: LabItem[]
}

/** 检验能力 */
export type LabItem = {
  item: string
  method: string
  /** Decimal; empty for none. */
  lod?: string
  loq?: string
  unit?: string
}

export type LabLeftOut = {
  code: string
  name: string
  why: string
}

/** A laboratory beside the others. */
export type LabLine = {
  lab: string
  name: string
  share: Share
  /** Failures that its mixture of foods would have at the rates of all laboratories together. */
  expected: number
  /** How far it is from there, in standard deviations; `null` where that says nothing: too few, or only one laboratory. */
  z?: number | null
  /** Fewer than 30 samples or fewer than 5 expected failures: not to be compared. */
  few: boolean
}

/** What a laboratory is accredited for, out of a sheet. */
export type LabSheet = {
  items: LabItem[]
  rows: number
  defects: SheetDefect[]
  defects_total: number
}

/** What the law says of a rapid result, as it stands with this one. */
export type LawLine = {
  article: string
  text: string
  /** high, medium: how sure the wording is. */
  certainty: string
}

/** What a code names, and the page of the console that shows it. */
export type Lead = {
  /** business, lot, product */
  kind: string
  /** id of the business or product, number of the lot */
  id: string
  name: string
  /** 批号, of a lot */
  batch: string
  /** Path in the console; empty where it lies outside of what the asker may see. */
  path: string
  /** What the public sees. */
  public: string
  /** The trace code was voided. */
  voided: boolean
}

/** A ledger line with the names of both sides. */
export type LedgerRow = {
  no: number
  id: string
  kind: string
  party: string
  division: string
  counterpart?: string | null
  counterpart_name: string
  at: string
  recorded_at: number
  doc_no: string
  difference?: number | null
  reason: string
  channel: string
  declared: boolean
  simulated: boolean
  /** first lot it made, or first lot it took where it made none */
  lot?: number | null
  product?: string | null
  product_name?: string | null
  spec?: string | null
  batch?: string | null
  made?: string | null
  expires?: string | null
  /** base units of that lot */
  amount?: number | null
  unit?: string | null
  /** declared wrong, with this reason */
  corrected?: string | null
  /** the declaration that it was recorded in error, with who, when, and the event that says what was meant */
  correction?: Correction | null
  /** the wrong event that this one stands for */
  replaces?: Wrong | null
  /** 随货凭证 and supplier, where any were given */
  papers?: Papers | null
  /** of a production */
  additives: Additive[]
  party_name: string
  other_name: string
  /** registered address of the other side; of one outside the platform see `papers` */
  other_address: string
  division_name: string
}

/** What is left of a clock. */
export type LeftView = {
  /** working_days 工作日, days 日, hours 小时 */
  unit: string
  /** Whole units; 0 on the last one. */
  count: number
}

/** A licence, registration or filing. */
export type Licence = {
  id: string
  permit: string
  party: string
  party_name: string
  matter: string
  matter_name: string
  /** sc, jy, yb, local */
  kind: string
  number: string
  division: string
  issuer: string
  /** `2026-03-01` */
  issued: string
  /** Last day; empty without end. */
  expires: string
  /** Names and texts that are printed on it. */
  face: string[][]
  /** valid, expired, replaced, cancelled, revoked */
  status: string
  status_at: number
  reason: string
  /** In its QR code. */
  code: string
  /** Last day in time to apply for renewal; empty none. */
  shut_on: string
  /** The business is reminded to renew from this day; empty never. */
  remind_on: string
  reminded_at?: number | null
  simulated: boolean
}

export type Licence2 = {
  id: string
  kind: string
  number: string
  issued: string
  expires: string
  issuer: string
}

/** How a licence stands. */
export type LicenceState = 'expired' | 'expiring'

export type Lift = {
  reason: string
}

/** One limit as it holds. */
export type Limit = {
  name: string
  /** Chinese */
  title: string
  unit: string
  value: number
  default: number
  least: number
  most: number
  /** setting: ours, no law */
  certainty: string
  source: string
  /** Who set it; empty where the default holds. */
  changed_by: string
  changed_at?: number | null
}

/** How a limit binds. */
export type LimitBound = {
  cmp: 'most'
  value: Dec
} | {
  cmp: 'under'
  value: Dec
} | {
  cmp: 'least'
  value: Dec
} | {
  cmp: 'over'
  value: Dec
} | {
  cmp: 'range'
  low: Dec
  high: Dec
} | {
  cmp: 'absent'
} | {
  cmp: 'plan'
  n: number
  c: number
  m: Dec
  top?: Dec | null
} | {
  cmp: 'sum'
  parts: string[]
  value: Dec
} | {
  cmp: 'ratios'
  parts: LimitPart[]
  value: Dec
}

/** 核验: compared with the standard by somebody other than who took it in. */
export type LimitCheck = {
  by_name: string
  note: string
  at: number
}

/** One item of a sum of ratios, with its own limit in the unit of the row. */
export type LimitPart = {
  item: string
  value: Dec
}

export type LimitQuery = {
  /** In the item, the standard, the food. */
  q?: string | null
  item?: string | null
  /** What holds for this class: its own rows and those of the classes above. */
  category?: string | null
  /** What holds on this day. */
  day?: string | null
  /** 1, 0 */
  verified?: number | null
  /** `item` (as without), `item_down`, `standard`, `standard_down`, `food`, `food_down`, `from`, `from_down`. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type LimitQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: LimitQuery
}

/** A limit with where it comes from. */
export type LimitRow = {
  id: string
  /** GB 2762-2022 */
  standard: string
  item: string
  /** Place in the tree of foods: `14.1.2`; empty for all foods. */
  category: string
  /** The food within the category, as the standard names it; empty for all. */
  food: string
  /** Foods that it does not hold for. */
  except: string[]
  bound: LimitBound
  unit: string
  /** First day, `2022-06-30`. */
  from: string
  /** First day on which it holds no longer; empty without end. */
  until: string
  /** Somebody compared it with the standard. */
  verified: boolean
  cas: string
  method: string
  source: string
  /** `null`: nobody compared it here; `verified` may come with the table as well. */
  checked?: LimitCheck | null
}

export type LimitsForm = {
  /** Numbers by the names of the limits; null brings the default back. Limits that are left out stay. */
  values: {
    [key: string]: number | null
  }
}

/** A line of the risk: of a food, an item, a member. */
export type Line = {
  key: string
  name: string
  share: Share
}

/** What a holder answers for of one batch. */
export type Line2 = {
  party: string
  origin: number
  certain: boolean
  unit: string
  due: number
  book_on_hand: number
  book_sold: number
  book_gone: number
  book_open: number
  unknown: number
  /** `null`: not reported. */
  told?: Told | null
  confirmed: number
  supervised: number
  /** The amount unaccounted that an officer accepted; it counts while it is what is missing. */
  accepted?: number | null
  food?: string
  batch?: string
}

/** A place or a business. */
export type Line3 = {
  /** Division, or id of the business. */
  of: string
  name: string
  /** It can be looked into: a division with parts. */
  deeper: boolean
  /** What lies at the division itself, in none of its parts. */
  direct: boolean
  /** Businesses that are active; `null` for a business. */
  businesses?: number | null
  /** Businesses by risk grade, now. */
  grades: {
    [key: string]: number
  }
  cases: {
    [key: string]: Figures
  }
}

/** How the line stands. */
export type LineView = {
  /** off (none is set up), waiting (not connected yet, or cut off), connected */
  state: string
  /** Host and port of the broker; empty where there is none. */
  broker: string
  /** Since when it is in this state, ms UTC. */
  since?: number | null
  /** Messages taken since the start, also those that were refused. */
  messages: number
  /** When the last one came. */
  last_at?: number | null
  /** Times that the connection was lost since the start. */
  lost: number
  /** Why it is not connected; empty where it is. */
  error: string
}

/** Links of one county in a drill. */
export type Links = {
  /** 6 digits */
  division: string
  name?: string
  /** Deliveries that were walked. */
  links: number
  /** 发货后久未收货 */
  on_way: number
  /** 来源在平台以外 */
  outside: number
  /** 数量不明 */
  unknown: number
  /** 收货少于发货 */
  missing: number
  /** Drills that came to this county. */
  drills?: number
}

/** A list that forms choose from. */
export type List = {
  code: string
  /** Code and name. */
  items: [string, string][]
}

/** How a list is asked for. With `q`, the best hits come first and `sort` is passed over. */
export type ListQuery = {
  /** Name, pinyin or its initials, code, licence number or address; words with spaces between must all be there. */
  q?: string | null
  /** Kinds with commas between. */
  kind?: string | null
  /** Statuses with commas between. */
  status?: string | null
  /** Prefix of a division code. */
  division?: string | null
  /** Only with a licence that ends on or before this day. */
  expires_by?: string | null
  /** Only with a licence that is expired, or expires within `licence_days` (60 by default) from today. */
  licence?: LicenceState | null
  licence_days?: number | null
  simulated?: boolean | null
  sort?: Sort | null
  page?: number | null
  size?: number | null
}

export type ListQuery2 = {
  /** In the food, the place, the sample number or the case number. */
  q?: string | null
  party?: string | null
  lab?: string | null
  status?: string | null
  verdict?: string | null
  kind?: string | null
  mode?: string | null
  stage?: string | null
  /** Place in the tree of foods, with all below it. */
  category?: string | null
  /** Cell of a plan. */
  quota?: string | null
  plan?: string | null
  /** `open` goes on, `ended`, `late`: a clock is or was over. */
  state?: string | null
  /** Prefix of divisions. */
  division?: string | null
  /** Taken within days, both included: `2026-03-01`. */
  from?: string | null
  to?: string | null
  /** `opened` (as without), `opened_up`, `taken`, `taken_up`, `issued`, `issued_up`, `due`, `due_down`, `food`, `food_down`. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type ListQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: ListQuery2
}

/** A business on a list. */
export type Listed = {
  /** That of the case, or of the proposal that put it there. */
  id: string
  /** red, serious */
  list: string
  party: string
  party_name: string
  division: string
  ground: string
  reason: string
  number: string
  since: number
  until_at: number
  removed_at?: number | null
  removed_why: string
  simulated: boolean
}

/** What was loaded. */
export type LoadedYears = {
  years: number[]
  /** The job that counts the running clocks again. */
  job: string
}

export type LockAsk = {
  /** Names the device to others: `张三的手机`. */
  device: string
  /** 24 where it is not said, 48 at most. */
  hours?: number | null
}

/** Who works on it without a network. */
export type LockState = {
  user: string
  name: string
  until: number
  device: string
}

export type LockView = {
  person: PersonView
  until: number
}

/** A lot, what made it, what took from it, and its papers. */
export type LotPage = {
  lot: NamedLot
  made_by?: EventRow | null
  uses: EventRow[]
  files: TraceFile[]
  /** 随货凭证 of this batch on its way here, the last step first */
  papers: StepPapers[]
  /** food additives that went into the batch */
  additives: Additive[]
  /** trace code of its batch, if it has one */
  code?: string | null
  expired: boolean
  /** 暂停流转: holds on what the holder has of this batch, the latest first */
  holds: Hold[]
}

/** What a list of lots is asked for. */
export type LotQuery = {
  /** part of the product's name or code, or a batch number */
  q?: string | null
  holder?: string | null
  product?: string | null
  batch?: string | null
  /** stock, transit */
  state?: string | null
  /** 1: only what is on hand */
  on_hand?: number | null
  /** last day before this day (YYYY-MM-DD) */
  expires_before?: string | null
  /** last day not before this day */
  expires_from?: string | null
  /** made on or after this day, on or before that day */
  made_from?: string | null
  made_to?: string | null
  /** prefix of a division code */
  division?: string | null
  /** goods sent before this day, for finding those nobody received */
  sent_before?: string | null
  /** -no (default), no, expires, -expires */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type LotQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: LotQuery
}

/** A lot of the picture. */
export type LotRow = {
  no: number
  product: string
  product_name: string
  spec: string
  producer: string
  batch: string
  made: string
  expires: string
  holder: string
  holder_name: string
  division: string
  /** stock, transit */
  state: string
  /** kind of the event that made it, its date, and whose act it was */
  kind: string
  at: string
  from: string
  from_name: string
  unit: string
  /** base units; null unknown */
  amount?: number | null
  on_hand?: number | null
  shipped: number
  sold: number
  lost: number
  destroyed: number
  unaccounted?: number | null
  /** the case starts from it */
  seed: boolean
}

/** What was made. */
export type Made = {
  id: string
}

/** One whole backup. */
export type Made2 = {
  name: string
  made_at: number
  bytes: number
  /** Last event in it. */
  event: number
}

/** A lot that a move makes. */
export type Make = {
  /** Product id. */
  product: string
  /** 批号; the production date where it is not said. */
  batch?: string
  /** Base units of the product's unit. */
  amount: number
  /** 生产日期 `2026-03-01`; the day of the move where it is not said. */
  made?: string | null
  /** Last day; computed from the product's shelf life where it is not said. */
  expires?: string | null
  /** 出厂检验人 */
  inspector?: string
}

/** The manager that a file is for. */
export type Manager = {
  id: string
  /** 主体码 */
  code: string
  name: string
  division: string
  /** Of most of its members: market, chain, platform. */
  relation: string
}

/** Who may act for whom. */
export type Mandate = {
  id: string
  principal: string
  principal_name: string
  agent: string
  agent_name: string
  /** Codes of matters; empty: all. */
  matters: string[]
  from_day: string
  until_day: string
  given_at: number
  revoked_at?: number | null
}

/** Something that an agent did under a mandate. */
export type MandateAct = {
  /** Application; empty for a paper or photo. */
  permit: string
  number: string
  /** 提交申请, 上传照片：门头与招牌 */
  what: string
  user_name: string
  at: number
}

/** What the investigator marked on a station or a delivery. */
export type Mark = {
  /** cases and positive samples above 0, controls and clean samples below */
  weight?: number
  /** 交叉污染: at a station any incoming delivery may touch any outgoing one; deliveries so marked touch each other */
  cross_contamination?: boolean
  /** 杀灭: nothing is passed on */
  kill_contamination?: boolean
  /** 观察对象: what is forward and backward of it gets flagged */
  observed?: boolean
}

/** A published failing result and where it was sampled. */
export type Mark2 = {
  /** The page of it: `/open/item/{id}`. */
  id: string
  /** Name of the business, masked where it is like a person's. */
  name: string
  /** 主体码 */
  code: string
  division: string
  division_name: string
  /** Degrees, WGS-84; `null`: not known, in the list only. */
  lon?: number | null
  lat?: number | null
  food: string
  /** What fails, with result, limit and standard. */
  failing: string
  /** 抽样单编号 */
  number: string
  /** Days in China: the result stood, and is shown since. */
  decided: string
  shown_from: string
  simulated: boolean
}

/** What one change of the marks did. `None` as a mark: it was taken away. */
export type MarkChange = {
  stations?: {
    [key: string]: Mark | null
  }
  deliveries?: {
    [key: string]: Mark | null
  }
  groups?: MarkGroup[] | null
  enforce_temporal_order?: boolean | null
}

/** One entry of the log of marks. */
export type MarkEntry = {
  /** from 1 */
  no: number
  at: number
  by: string
  change: MarkChange
  /** the entry that this one takes back */
  withdraws?: number | null
}

/** Stations that count as one. */
export type MarkGroup = {
  id: string
  name?: string
  stations: string[]
}

/** All that is marked on a case. */
export type Marks = {
  /** by station or group id */
  stations?: {
    [key: string]: Mark
  }
  /** by delivery id */
  deliveries?: {
    [key: string]: Mark
  }
  groups?: MarkGroup[]
  enforce_temporal_order?: boolean
}

/** The marks of a place. */
export type Marks2 = {
  /** First day that is looked at. */
  since: string
  days: number
  /** The latest first. */
  items: Mark2[]
  /** There are more than are answered. */
  more: boolean
}

/** A kind of licence, registration or filing under one rule. */
export type Matter = {
  code: string
  name: string
  /** licence 许可, filing 备案, local 三小 */
  group: string
  /** Kind of case: permit, permit_filing. */
  flow: string
  form: string
  /** sc, jy, yb, local */
  licence: string
  /** Two digits; empty: the whole country. */
  province: string
  /** Years that it stands; 0 without end. */
  years: number
  source: string
  /** confirmed, page, unconfirmed, setting */
  certainty: string
  /** Kinds of business that may apply. */
  kinds: string[]
  acts: ActKind[]
  terms: Term[]
  renew?: Window | null
  /** A change is to be applied for within. */
  change_within?: Rule | null
  /** Granted on commitment it is checked within. */
  commitment?: Rule | null
  /** Checked for the first time within, once registered. */
  first_check?: Rule | null
  number: Numbering
  /** Checklists of the inspection room for its on-site check: the first that fits what was filled in. */
  checklists: ChecklistPick[]
  refuse: Refusal[]
  /** What has to be photographed for a remote survey (远程踏勘). */
  shots: Shot[]
}

/** A member of a market, a chain or a platform. */
export type Member = {
  id: string
  /** 市场开办者, 连锁总部, 平台 */
  manager: string
  manager_name: string
  member: string
  member_name: string
  /** 主体码 */
  member_code: string
  member_division: string
  division_name: string
  /** Only this place of the member belongs there; empty: all of it. */
  site: string
  site_name: string
  /** market, chain, platform */
  relation: string
  /** 摊位号, 门店号, 店铺; empty: not said */
  place: string
  /** First day, `2026-03-01`. */
  from: string
  /** First day on which it holds no longer; empty: it holds. */
  until: string
  /** current, declared (waits for an officer, or for the manager), coming, ended */
  state: string
  /** It waits for the asker to confirm it. */
  may_confirm: boolean
  /** officer, import, manager */
  source: string
  note: string
  added_at: number
  added_by: string
  confirmed_at?: number | null
  confirmed_by: string
  end_reason: string
  ended_by: string
  simulated: boolean
}

/** How a list is asked for. */
export type MemberQuery = {
  manager?: string | null
  member?: string | null
  /** market, chain, platform */
  relation?: string | null
  /** current, declared, coming, ended */
  state?: string | null
  /** Name or code of the member, name of the manager, place. */
  q?: string | null
  /** manager, member, place, from; `-` before it turns it round. The latest first day first where it is not said. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type MemberQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: MemberQuery
}

/** A business somebody acts for. */
export type Membership = {
  id: string
  party: string
  party_name: string
  role: string
  from_at: number
  until_at?: number | null
  granted_by: string
}

/** A person to act for a business. */
export type MembershipInput = {
  party: string
  /** business_owner, business_clerk */
  role: string
  from_at?: number | null
  until_at?: number | null
}

export type MergeInto = {
  /** Id of the business that stays. */
  into: string
}

/** What a merge would do. */
export type MergePreview = {
  duplicate: Party
  survivor: Party
  /** Fields in which the two differ: `old` of the duplicate, `new` of the survivor, which stays. */
  differences: FieldChange[]
  /** What is recorded under the duplicate and will be shown under the survivor. */
  lines: SectionLine[]
}

/** A merge that stands. */
export type Merged = {
  id: string
  duplicate: string
  survivor: string
  /** What the duplicate's status was before. */
  status: string
  reason: string
  /** Who did it, by name. */
  actor: string
  /** ms UTC */
  at: number
}

/** A merge as the dossier of the duplicate tells it. */
export type MergedInto = {
  id: string
  duplicate: string
  survivor: string
  /** What the duplicate's status was before. */
  status: string
  reason: string
  /** Who did it, by name. */
  actor: string
  /** ms UTC */
  at: number
  survivor_name: string
  survivor_code: string
}

/** A message. */
export type Message = {
  id: string
  /** task, returned, reminder, urged, expired, answered, progress, ended */
  kind: string
  title: string
  body: string
  /** Page of the console. */
  link: string
  at: number
  /** `null`: not read. */
  read_at?: number | null
  simulated: boolean
}

/** A recall that the asker's business has a part in. */
export type Mine = {
  recall: Recall
  /** Of the business as a holder; `null` where it has nothing to report. */
  task?: Task | null
  /** It is the business that recalls. */
  maker: boolean
}

export type Mode = 'any' | 'all'

/** How a capture of many lines is kept. */
export type Mode2 = 'all' | 'each'

/** A delivery from one business to another. */
export type MoveRow = {
  /** number of the lot that went */
  id: string
  lot: number
  product: string
  batch: string
  from: string
  from_name: string
  to: string
  to_name: string
  departure: string
  /** empty: not accepted yet, or unknown */
  arrival: string
  unit: string
  amount?: number | null
}

/** What the business does. */
export type MyAct = {
  /** Code of one of `actions`. */
  action: string
  form?: Record<string, unknown>
  /** The entry that was the last when the asker looked; another one since is a conflict. */
  seen?: number | null
  /** The client's own key: a repeat is answered and not done again. */
  client_key?: string
}

/** A case, a seizure or evidence kept, of which something was served on the business. */
export type MyCase = {
  id: string
  /** case, `case_simple`, preserve, seize */
  kind: string
  kind_name: string
  number: string
  /** The conduct, or what was seized or kept. */
  what: string
  /** The bureau that has it. */
  organ: string
  /** notice, hearing, working, decided, late, performed, exempt, revoked, kept, released, settled, ended */
  stage: string
  stage_name: string
  /** What runs out next for the business; `null`: nothing. */
  next?: ClockView | null
  /** Documents served. */
  served: number
  /** The last day of service in China, `2026-03-01`. */
  served_on: string
  simulated: boolean
}

/** A case with all that the law lets its party see. */
export type MyCaseView = {
  case: MyCase
  /** The case that it belongs to; empty for none, or where nothing of that was served. */
  above: string
  clocks: ClockView[]
  documents: MyDocument[]
  /** What was handed in and no answer has named yet. */
  files: MyFile[]
  /** What the business may do now. */
  actions: ActionView[]
  /** What the business said and what was answered, the latest first. */
  said: MyWord[]
  hearing?: MyHearing | null
  sums?: MySums | null
  /** The last entry of its log; goes with an act as `seen`. */
  seq: number
}

/** A document that was served. */
export type MyDocument = {
  name: string
  number: string
  /** The day of service in China. */
  on: string
  void: boolean
  /** The code on it, for `/doc/{code}`; empty: no text was kept. */
  verify: string
}

/** What the business hands in with an answer. */
export type MyFile = {
  id: string
  /** Name of the file. */
  title: string
  /** image/jpeg, application/pdf … */
  media: string
  /** Bytes. */
  size: number
  user_name: string
  received_at: number
  /** When an answer named it; `null` not yet: the bureau does not see it. */
  sent_at?: number | null
}

/** 听证 */
export type MyHearing = {
  /** `2026-03-01` */
  on: string
  /** Time and place. */
  at: string
}

/** What is to be paid, fen. */
export type MySums = {
  fine: number
  confiscated: number
  /** 加处罚款 to today. */
  surcharge: number
  total: number
  paid: number
}

/** Something said, by the business or to it. */
export type MyWord = {
  at: number
  /** What it was: 陈述、申辩. */
  name: string
  /** The business itself said it. */
  own: boolean
  said: Said[]
  /** What was handed in with it. */
  files: MyFile[]
}

/** A new name. */
export type NameInput = {
  name: string
}

export type NameInput2 = {
  name: string
}

/** A code and its Chinese name. */
export type Named = {
  code: string
  name: string
}

/** A lot in a list, with the names of its holder and sender. */
export type NamedLot = {
  no: number
  product: string
  product_name: string
  spec: string
  holder: string
  division: string
  /** stock, transit */
  state: string
  batch: string
  made: string
  expires: string
  /** base units it began with; null unknown */
  amount?: number | null
  /** base units on hand; null unknown */
  on_hand?: number | null
  unit: string
  /** kind of the event that made it */
  kind: string
  /** date of that event */
  at: string
  recorded_at: number
  /** business whose act made it (the sender, for goods on the way) */
  from: string
  doc_no: string
  declared: boolean
  simulated: boolean
  holder_name: string
  /** Of the business whose act made it. */
  from_name: string
  division_name: string
}

/** A product in a list, with the name of the business that keeps its record. */
export type NamedProduct = {
  id: string
  party: string
  division: string
  /** 14 digits */
  gtin?: string | null
  own_code: string
  name: string
  brand: string
  category: string
  spec: string
  unit: Unit
  /** Base units in a sales pack. */
  pack_size?: number | null
  /** 保质期, days */
  shelf_days?: number | null
  standard: string
  storage: string
  producer: string
  producer_party?: string | null
  licence: string
  /** active, withdrawn */
  status: string
  simulated: boolean
  created_at: number
  updated_at: number
  party_name: string
  category_name: string
  division_name: string
}

/** Somebody to choose. */
export type Near = {
  /** User id. */
  user: string
  name: string
  /** Bureau, or the business they act for. */
  place: string
}

/** What became of a network file. */
export type NetworkAccount = {
  /** Nothing was kept: this is what the import would do. */
  dry_run: boolean
  stations: number
  deliveries: number
  relations: number
  /** Id of the import, to begin a case from; empty where nothing was kept. */
  import: string
  /** Faults: with any, nothing went in. */
  rejected: number
  defects: Place[]
}

/** What is drawn: the part nearest to the start where there is more than can be drawn. */
export type NetworkAnswer = {
  stations: Business[]
  deliveries: DrawnDelivery[]
  relations: DrawnRelation[]
  truncated: boolean
  /** in all */
  stations_count: number
  deliveries_count: number
  /** last event of the ledger that was seen */
  event: number
}

/** A grade as somebody proposes it. */
export type NewAdjustment = {
  /** A to D. */
  grade: string
  /** 10 to 500 characters. */
  reason: string
}

/** What a program hands in. */
export type NewAssayReadings = {
  /** Of the instrument or the program. */
  name: string
  items: InstrumentReading[]
}

/** A campaign as it is planned. */
export type NewCampaign = {
  name: string
  intro?: string
  division: string
  /** province, city, county */
  source: string
  /** First and last day of choosing: `2026-04-01`. */
  from_day: string
  until_day: string
  /** Samples in all, 1 to 5,000. */
  batches: number
  /** Samples of each county at least. */
  floor: number
  /** Samples from one place at most. */
  most: number
  /** 1 to 200. */
  foods: CampaignFood[]
  /** Businesses that may be named, at most 200; none: nobody is named. */
  places?: string[]
  /** 检验项目, at most 50. */
  items?: string[]
}

/** A new case. */
export type NewCase = {
  title: string
  reason?: string
  /** whose case it is; the first division of the person's jurisdiction where it is not said */
  division?: string | null
  seeds: Seeds
}

/** A device to be registered. */
export type NewDevice = {
  name: string
  model?: string
  serial_no?: string
}

/** A disposal as it is announced. */
export type NewDisposal = {
  /** Whose; one's own business where it is not said. */
  party?: string | null
  origin: number
  /** destroy 销毁, harmless 无害化处理, remedy 补救 */
  what: string
  /** held: of its own; back: of what came back to the producer */
  stock: string
  amount: number
  place: string
  method: string
  /** What buyers are told of the mending. */
  told?: string
  planned_at: number
}

/** Gives streams of a party to a bureau. */
export type NewDisposalGiven = {
  /** trade, producer */
  side: string
  /** Empty: all that are not passed yet. */
  streams?: string[]
  /** In the county where it was sampled; for the producer's side also in that of the producer. */
  division: string
}

export type NewDisposalStream = {
  side: string
  stream: string
  form: Record<string, unknown>
}

/** A draw to be committed to. */
export type NewDraw = {
  name: string
  /** Where the subjects lie: prefix of divisions, from two digits. */
  division: string
  /** Kinds of business (业态); none: all. */
  kinds?: string[]
  /** Subjects to be drawn, 1 to 500. */
  count: number
  /** Officers a subject, 2 to 6. */
  team: number
  /** User ids; none: everybody who may inspect there. */
  officers?: string[]
}

export type NewDraw2 = {
  /** How many to call, 1 to 200. */
  size: number
}

export type NewDrill = {
  /** Any lot; drawn where it is not said. */
  lot?: number | null
}

/** A case to be begun. */
export type NewEnforcementCase = {
  /** `ordinary` 普通程序 or `simple` 简易程序. */
  procedure: string
  /** inspection, sample, complaint, transfer, assigned */
  source: string
  /** Number of the visit, the sample, the complaint; empty for none. */
  source_ref?: string
  /** Business that it is about. */
  party: string
  /** The lead: what is suspected. */
  what: string
}

/** A review of camera evidence. */
export type NewEvidenceReview = {
  review: EvidenceReviewKind
  pass: boolean
  note: string
}

/** A finding to be kept. */
export type NewFinding = {
  /** inspection, sample, camera, model, complaint, self_check, exchange */
  source: string
  /** Number of the visit, the sample, the complaint; empty for none. */
  source_ref?: string
  /** Business that it is about. */
  party: string
  /** One of its further premises; empty for the business itself. */
  site?: string
  /** What was found. */
  what: string
  /** What it breaks: article, standard, item of a checklist. */
  rule: string
  /** minor, general, serious */
  severity: string
  /** When it was found, ms UTC; now where it is not said. */
  found_at?: number | null
}

/** A key that was made; shown once and never again. `null` where the same request was answered before. */
export type NewKey = {
  id: string
  /** Goes into `Authorization: Bearer …`. */
  token?: string | null
}

/** A laboratory with what it is accredited for. */
export type NewLab = {
  /** The business that it is. */
  party: string
  /** Number of its CMA certificate. */
  cma: string
  /** Last day of that certificate. */
  cma_until: string
  /** In the published list of those that recheck. */
  recheck: boolean
  items: LabItem[]
}

/** A laboratory is given no more samples, or samples again. */
export type NewLabState = {
  /** active, withdrawn */
  state: string
  reason: string
}

export type NewLicence = {
  /** sc, jy, yb or local; found from the number where left out. */
  kind?: string
  number: string
  /** Date, whole or partial; empty unknown. */
  issued?: string
  expires?: string
  issuer?: string
}

/** 核验 of a limit. */
export type NewLimitCheck = {
  /** Edition and table it was compared with. */
  note: string
}

/** A mandate to be given. */
export type NewMandate = {
  /** Who gives it; the asker's own business where it is the only one. */
  principal?: string | null
  /** 主体码 of the business that is to act. */
  agent_code: string
  /** Codes of matters; empty: all. */
  matters?: string[]
  /** `2026-03-01` */
  from_day: string
  until_day: string
}

/** A relation that somebody enters. */
export type NewMember = {
  /** Id of the manager; empty where its code is said. */
  manager?: string
  /** 主体码 or 统一社会信用代码 of the manager, which may lie in any county. */
  manager_code?: string
  /** Id of the member. */
  member: string
  /** Id of a place of the member; empty: all of it. */
  site?: string
  /** market, chain, platform */
  relation: string
  place?: string
  /** First day; today where it is not said. */
  from?: string
  /** First day on which it holds no longer; empty: it holds. */
  until?: string
  note?: string
}

export type NewMerge = {
  /** Id of the business that stays. */
  into: string
  reason: string
}

/** One line of a capture. */
export type NewMove = {
  /** The client's own key; a repeat is answered with the first event. */
  client_key?: string | null
  kind: EventKind
  /** The business whose act it is; the only one of the person who records it, where it is not said. */
  party?: string | null
  /** Receiver of a delivery, supplier of a purchase or return: business id. */
  counterpart?: string | null
  /** The other side where it is not known here. */
  counterpart_name?: string
  /** Business date `2026-03-01`, or a moment `2026-03-01T08:30:00+08:00`; now where it is not said. */
  at?: string | null
  takes?: Take[]
  makes?: Make[]
  /** Receive: base units accepted; stocktake: base units counted. */
  amount?: number | null
  /** 单据号 */
  doc_no?: string
  reason?: string
  /** Ship, return, receive: certificates, vehicle, and the supplier where it is outside the platform (进货查验). */
  papers?: Papers | null
  /** Produce: food additives that went in. */
  additives?: Additive[]
}

/** A notice as an officer writes it. Either `lot` (the whole batch it belongs to), or `product`, with or without `batch`. */
export type NewNotice = {
  kind: NoticeKind
  product?: string | null
  /** 批号 of that product; every batch where it is not said */
  batch?: string
  lot?: number | null
  /** 召回级别 1, 2 or 3 */
  grade?: number | null
  /** what is wrong, up to 500 characters */
  reason: string
  /** what to do, up to 500 characters; the usual advice where it is not said */
  advice?: string
  /** 发布机关 */
  issuer: string
  /** last day on which it is shown, YYYY-MM-DD */
  until?: string | null
}

/** A business as it is written: by a form, a row of a sheet, a program. */
export type NewParty = {
  name: string
  /** 统一社会信用代码, where it has one. */
  uscc?: string | null
  /** 业态, a code of data/business-kinds.csv. */
  kind: string
  /** 6, 9 or 12 digits. */
  division: string
  address?: string
  position?: Position | null
  /** 经营项目, codes of data/trade-items.csv. */
  items?: string[]
  licences?: NewLicence[]
  /** Left out in an update: they stay as they are (their data is not shown to everybody who may update). */
  people?: NewPerson[] | null
  note?: string
}

/** A user with the password for the first sign-in; shown once and never again. `null` where the same request was answered before. */
export type NewPassword = {
  id: string
  password?: string | null
}

export type NewPerson = {
  /** legal, head, director, officer or contact. */
  role: string
  name: string
  phone?: string
}

/** A yearly plan to be computed. */
export type NewPlan = {
  year: number
  /** Prefix of divisions, from two digits. */
  division: string
}

/** A platform that is to receive the feed. */
export type NewPlatform = {
  name: string
  /** `https://…`; not this machine and not a private network unless the operator allows it. */
  dest: string
  /** Signs each delivery: `Shian-Signature: sha256=` and the HMAC-SHA-256 of the body in hex. Never shown again. */
  token?: string
}

/** A point to be set up. */
export type NewPoint = {
  name: string
  /** market, bureau, school, business */
  kind: string
  /** Whose it is; empty for the asker's bureau. */
  party?: string
  address?: string
}

/** A new recall. */
export type NewRecall = {
  /** Any lot of the batch. */
  lot: number
  /** ordered, voluntary */
  mode: string
  grade: number
  cause: string
  /** For the public: 2 to 400 characters. */
  reason: string
  source: string
  source_ref?: string
}

/** A record as the device hands it in. */
export type NewRecord = {
  /** The device's own key: a repeat is answered and not done again, for ever. */
  client_key: string
  device?: string
  /** By the device, ms UTC. */
  started_at: number
  ended_at: number
  /** Degrees, WGS-84. */
  lon?: number | null
  lat?: number | null
  /** Metres. */
  accuracy?: number | null
  answers: Answered[]
  opinion?: string
  /** To be mended by, where an answer does not say: `2026-03-13`. */
  due?: string
  signatures: Signatures
  /** 监督抽考: people of the business who were examined. */
  exams?: Examined[]
}

/** One to be noted. */
export type NewRecusal = {
  /** User id. */
  officer: string
  party: string
  reason: string
}

/** What a holder reports. */
export type NewReport = {
  lines: ReportLine[]
  note?: string
  /** Ids of photos. */
  proof?: string[]
}

/** A report of any past period. */
export type NewReport2 = {
  /** weekly, monthly, yearly */
  template: string
  division: string
  /** Any day of the period, `2026-03-01`. */
  day: string
}

export type NewResultCorrection = {
  item: string
  result: string
  unit?: string
  reason: string
}

/** A sample to be taken. */
export type NewSample = {
  /** Where it is sampled. */
  party: string
  site?: string
  /** Cell of a plan; empty for none. */
  quota?: string
  /** national, province, city, county */
  source: string
  /** inner, outer, quality */
  mode: string
  /** supervision, monitor */
  kind: string
  /** produce, trade, catering */
  stage: string
  /** Place in the tree of foods: `14.1`. */
  category: string
  food: string
  lab: string
  /** Two people. */
  samplers: string[]
  /** Items to be tested beside those of the plan, the most wanted first; at most 50. */
  items?: string[]
}

/** A draw to be committed to: the open cells of a plan say which foods, at which stage and where. */
export type NewSampleDraw = {
  name: string
  /** The plan whose open cells are filled. */
  plan: string
  /** Where: prefix of divisions, within the asker's reach. */
  division: string
  /** Cells; none: all of the plan there that are not full. */
  quotas?: string[]
  /** Samples to be drawn, 1 to 500. */
  count: number
  /** Samples from one place, 1 to 20. */
  most: number
  /** Places sampled within so many days are left out, 0 to 365. */
  apart_days?: number
  /** User ids; none: all who may sample there. */
  officers?: string[]
}

/** A plan of a year. */
export type NewSamplePlan = {
  name: string
  year: number
  division: string
  /** national, province, city, county */
  source: string
  quotas: NewSampleQuota[]
}

export type NewSampleQuota = {
  /** Place in the tree of foods. */
  category: string
  category_name: string
  stage: string
  division: string
  items: string[]
  quota: number
}

/** A business to be put on the 严重违法失信名单. */
export type NewSerious = {
  party: string
  /** A code of data/credit/grounds.csv. */
  ground: string
  /** 处罚决定书文号 */
  penalty: string
  /** What happened, 10 to 2000 characters, without personal data. */
  what: string
}

/** The 抽样单, as it is handed in. */
export type NewSheet = {
  /** Values by the codes of `/api/sample-sheet`. */
  sheet: Record<string, unknown>
  /** Trace code, barcode of the batch, or business code that was scanned; empty for none. */
  code?: string
  /** Numbers of the seals. */
  seal_test: string
  seal_spare: string
  /** The producer named on it as a business known here; empty for none. */
  producer?: string
  /** Drawn by hand; each picture was sent before, as a photo of the kind `signature`. */
  signatures?: SampleSignature[]
  /** SHA-256 of the sheet as the phone shows it, by which the second sampler says what they seal; empty for none. */
  told?: string
  /** When it was filled in, ms UTC, where that was earlier: at most seven days. */
  at?: number | null
}

/** A further place of a business. */
export type NewSite = {
  name: string
  /** production, warehouse, shop, booth or office. */
  kind: string
  division: string
  address?: string
  position?: Position | null
}

export type NewStatus = {
  seq: number
  status: Status
  reason: string
}

/** What a subscription is asked to be. */
export type NewSubscription = {
  /** Address of the receiver. */
  dest: string
  /** Key of the HMAC in `GS1-Signature`; never given back. */
  signatureToken?: string | null
  stream?: boolean
  schedule?: Schedule | null
  /** Report on schedule although there is nothing new. */
  reportIfEmpty?: boolean
  /** RFC 3339: events recorded since then are sent too; only new ones where it is left out. */
  initialRecordTime?: string | null
}

/** A test as a person, a program or a device tells it. */
export type NewTest = {
  /** The sender's own key: a repeat goes in once. */
  key: string
  /** ms UTC; now where it is not said. */
  tested_at?: number | null
  /** Platform code or id of who was tested; empty: not on the platform. */
  party?: string
  stall?: string
  vendor?: string
  food: string
  /** farm 食用农产品, other */
  goods: string
  /** Trace code, scanned. */
  code?: string
  lot?: number | null
  source_place?: string
  item: string
  method: string
  card: Card
  /** Code of the device; in messages of a device it is that device. */
  device?: string
  /** negative, positive, suspect, invalid */
  result: string
  value?: string
  unit?: string
  /** Who tested, where a device tells it. */
  tester?: string
  /** The test of which this is the second one (复测): its number or id. */
  again?: string
}

/** A visit to be planned. */
export type NewVisit = {
  /** data/visit-kinds.csv */
  kind: string
  /** Business. */
  party: string
  /** One of its further premises; empty for the business itself. */
  site?: string
  /** Code of a checklist; empty: that of its kind of business. */
  checklist?: string
  /** User ids, at least two. */
  officers: string[]
  /** Last day: `2026-03-10`. */
  due: string
  reason?: string
}

/** A status. */
export type Node = {
  code: string
  name: string
  start: boolean
  end: boolean
  /** Steps from the start: the column it is drawn in. */
  rank: number
  /** Its tasks, by name. */
  tasks: string[]
  /** Its clocks, as people read them: `整改期限（15 个工作日）`. */
  clocks: string[]
}

/** One lot of a chain. */
export type Node2 = {
  lot: number
  product: string
  product_name: string
  batch: string
  made: string
  expires: string
  holder: string
  holder_name: string
  holder_kind: string
  division: string
  /** stock, transit */
  state: string
  /** kind of the event that made it, and its date */
  kind: string
  at: string
  amount?: number | null
  on_hand?: number | null
  unit: string
  /** steps from the lot in question: negative towards the source */
  depth: number
}

/** An item that cannot be rechecked. */
export type NotRechecked = {
  item: string
  why: string
}

/** Something that is no fault of the form and yet to be looked at. */
export type Note = {
  code: string
  text: string
}

/** A recall, or a withdrawal from publication. */
export type Notice = {
  id: string
  kind: NoticeKind
  /** product id */
  product: string
  /** only this batch; empty: every batch */
  batch: string
  /** only the batch that began with this lot */
  lot?: number | null
  party: string
  division: string
  /** 召回级别 1, 2, 3 */
  grade?: number | null
  reason: string
  advice: string
  /** 发布机关 */
  issuer: string
  since: number
  until?: number | null
  author: string
  lifted_at?: number | null
  lifted_by: string
  lift_reason: string
}

/** What a notice does. */
export type NoticeKind = 'recall' | 'failure' | 'withdrawal'

/** How its number is made: prefix, lead, county, serial without gaps, check digit. */
export type Numbering = {
  prefix: string
  /** Field of the form whose value stands before the county; empty for none. */
  lead: string
  /** Digits of the serial. */
  serial: number
  /** A check digit (GB/T 17710, MOD 11,10) over all digits is added. */
  check: boolean
  source: string
  certainty: string
}

/** Everything that may be applied for, and the forms for it. */
export type Offer = {
  matters: Matter[]
  forms: Form[]
  lists: List[]
}

/** Somebody who is sent. */
export type Officer = {
  user: string
  name: string
}

/** An officer's signature. */
export type OfficerSignature = {
  user: string
  /** Hash of the picture. */
  file: string
}

/** A record that stands no more. */
export type OldRecord = {
  id: string
  code: string
  name: string
}

export type Op = {
  do: 'claim'
  task: number
} | {
  do: 'transfer'
  task: number
  to: string
  from?: string | null
} | {
  do: 'delegate'
  task: number
  to: string
} | {
  do: 'answer'
  task: number
} | {
  do: 'add_signer'
  task: number
  to: string
} | {
  do: 'drop_signer'
  task: number
  user: string
} | {
  do: 'return'
  task: number
} | {
  do: 'withdraw'
} | {
  do: 'urge'
  task: number
} | {
  do: 'suspend'
  reason: string
} | {
  do: 'resume'
} | {
  do: 'terminate'
} | {
  do: 'void'
} | {
  do: 'lock'
  hours: number
} | {
  do: 'unlock'
}

/** An operation that the asker could do now. */
export type OpView = {
  /** transfer, delegate, answer, add_signer, drop_signer, return, withdraw, urge, suspend, resume, terminate, void, lock, unlock */
  do: string
  /** Chinese. */
  name: string
  /** The task it is about. */
  task?: number | null
  task_name: string
  /** Whose seat it is about: handed over for somebody else, or taken out. */
  seat?: PersonView | null
  /** Names a person (`to`). */
  person: boolean
  /** The note must say why. */
  note: boolean
  /** For 挂起: what the law lets a clock stop for. */
  reasons: string[]
}

/** Open findings of one kind, as numbers. */
export type Open = {
  /** inspection, sample, camera, model, complaint, self_check, exchange */
  source: string
  name: string
  open: number
  serious: number
  late: number
  /** Found in the week. */
  new: number
}

/** A case with its marks. */
export type OpenCase = {
  id: string
  /** 排查〔2026〕0001 */
  no: string
  title: string
  reason: string
  division: string
  division_name: string
  /** open, frozen, closed */
  state: string
  /** ledger, network */
  source: string
  file_name: string
  /** businesses and deliveries as last counted */
  stations: number
  deliveries: number
  /** lots it starts from */
  seeds: number
  created_by: string
  created_at: number
  updated_at: number
  simulated: boolean
  /** the latest frozen scope */
  scope?: ScopeBrief | null
  marks: Marks
  /** lines of the pasted list that named nothing; only in the answer to a new case, at most 1,000 */
  unresolved?: Unresolved[]
  /** how many in all */
  unresolved_count?: number
}

export type Opened = {
  /** Id of the recall, also of one of this batch that goes on already. */
  id: string
}

/** A finding that the record opened. */
export type OpenedFinding = {
  id: string
  number: string
  code: string
  item: string
  status: string
}

/** Backups and the continuous copy. */
export type Operations = {
  /** sqlite, postgres */
  database: string
  /** Whole backups are made by the house. */
  backups_on: boolean
  /** Newest first. */
  backups: Made2[]
  /** Why the last one failed; `null` where it did not. */
  backup_error?: string | null
  /** `null`: no continuous copy. */
  stream?: Progress | null
}

/** A sample to be taken. */
export type Order = {
  /** Where it is sampled. */
  party: string
  /** national, province, city, county */
  source: string
  /** inner, outer, quality */
  mode: string
  /** produce, trade, catering */
  stage: string
  /** Place in the tree of foods: `14.1`. */
  category: string
  food: string
  lab: string
  /** Two people. */
  samplers: string[]
  /** Items that are to be tested, the most wanted first; none: as the laboratory and the law have it. */
  items?: string[]
}

/** A sample as the business sees it: that it was taken, and what came of it once it was served. */
export type OwnSample = {
  id: string
  sample_no: string
  food: string
  taken_at?: number | null
  status: string
  /** conforms, fails; empty before it was served or closed. */
  verdict: string
  served_at?: number | null
  /** What failed, once it was served. */
  failing: JudgedItem[]
  /** The failure was overturned by a recheck, an objection or a correction. */
  overturned: boolean
  /** Declared corrections of the report, the first first; none before it was told. */
  corrections: OwnSampleCorrection[]
  /** It is the producer named on it, not the place where it was sampled. */
  as_producer: boolean
  /** What it was given on the spot: `/api/own-samples/{id}/papers/{code}`; none before it was sealed. */
  papers: OwnSamplePaper[]
  /** Reports and notices that it was given, the latest first. */
  documents: OwnSampleDocument[]
  /** `null`: nobody applied. */
  recheck?: OwnSampleRecheck | null
  /** What the asker may say now. */
  may: OwnSampleAct[]
  /** What was said against it, the first first. */
  objections: SampleObjected[]
}

/** Something that the business may say now. */
export type OwnSampleAct = {
  /** accept_result, apply, object, object_sampling */
  action: string
  name: string
  /** `2026-03-12`; empty where no term runs for it. */
  last_day: string
}

/** A declared correction, as the business sees it. */
export type OwnSampleCorrection = {
  item: string
  before: string
  after: string
  unit: string
  /** What the whole report comes to now: conforms, fails, undecided, monitored. */
  outcome: string
  reason: string
  at: number
}

/** A document that the business was given: `/api/cases/{id}/documents/{number}.pdf`. */
export type OwnSampleDocument = {
  name: string
  number: string
  at: number
  /** 作废 */
  void: boolean
  /** Code of its page of verification. */
  verify: string
}

/** A paper that was given on the spot. */
export type OwnSamplePaper = {
  /** sheet, informed */
  code: string
  name: string
}

/** 复检, as the one who applied sees it. */
export type OwnSampleRecheck = {
  asked: string[]
  refused: NotRechecked[]
  /** Empty before it is drawn. */
  lab_name: string
  /** The file to do the draw again; empty before it. */
  file_url: string
  at?: number | null
  /** upheld, overturned; empty for none yet. */
  verdict: string
}

/** All that a visit needs without a network. */
export type Pack = {
  visit: Visit
  kind: VisitKind
  business: PackBusiness
  /** Its last recorded visits, the latest first, at most ten. */
  visits: PackVisit[]
  /** Its findings that go on, at most fifty. */
  findings: FoundView[]
  checklist: PackChecklist
  /** 监督抽考; `null` where the kind of visit has none. */
  exam?: PackExam | null
  /** `null`: not locked. */
  lock?: LockState | null
  /** The code of the record goes behind it. */
  answer_url: string
  made_at: number
}

/** The business as an officer needs it on the way. */
export type PackBusiness = {
  id: string
  code: string
  name: string
  kind: string
  address: string
  lon?: number | null
  lat?: number | null
  status: string
  licences: PackLicence[]
  /** A to D; `null` where none is known. */
  grade?: string | null
}

/** The pinned version, with its items. */
export type PackChecklist = {
  hash: string
  code: string
  version: number
  name: string
  items: Item[]
}

/** Papers for those who look after food safety there, drawn beforehand. */
export type PackExam = {
  bank: string
  version: number
  /** What the bank is called. */
  name: string
  posts: PostPass[]
  papers: PackPaper[]
}

/** A licence in the dossier. */
export type PackLicence = {
  kind: string
  number: string
  issued: string
  expires: string
}

/** A paper that is ready to be answered. */
export type PackPaper = {
  no: number
  /** What it was drawn with: bank, version, stage and seed give the same paper again. */
  seed: string
  questions: Question[]
}

/** An earlier visit. */
export type PackVisit = {
  id: string
  number: string
  kind: string
  recorded_at?: number | null
  conclusion: string
  bad: number
}

/** One page of a list. */
export type Page = {
  items: Assay[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page10 = {
  items: Listed[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page11 = {
  items: Proposal[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page12 = {
  items: Draw[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page13 = {
  items: EnforcementCase[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page14 = {
  items: LedgerRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page15 = {
  items: FileRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page16 = {
  items: Finding[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page17 = {
  items: Grid[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page18 = {
  items: PlanItem[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page19 = {
  items: Case[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page2 = {
  items: AuditRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page20 = {
  items: ScopeLine[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page21 = {
  items: Business[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page22 = {
  items: LotRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page23 = {
  items: MoveRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page24 = {
  items: KeyRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page25 = {
  items: Licence[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page26 = {
  items: Ban[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page27 = {
  items: LimitRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page28 = {
  items: NamedLot[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page29 = {
  items: Member[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page3 = {
  items: Bureau[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page30 = {
  items: Message[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page31 = {
  items: OwnSample[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page32 = {
  items: Row[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page33 = {
  items: Permit[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page34 = {
  items: Post[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page35 = {
  items: NamedProduct[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page36 = {
  items: Row2[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page37 = {
  items: Item2[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page38 = {
  items: SuspicionRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page39 = {
  items: PublishedRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page4 = {
  items: Campaign[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page40 = {
  items: Positive[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page41 = {
  items: Test[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page42 = {
  items: Drill[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page43 = {
  items: Recall[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page44 = {
  items: Follower[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page45 = {
  items: TaskRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page46 = {
  items: Recusal[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page47 = {
  items: Report2[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page48 = {
  items: RiskRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page49 = {
  items: Adjustment[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page5 = {
  items: CampaignBatch[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page50 = {
  items: KeptDraw[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page51 = {
  items: StatSample[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page52 = {
  items: SampleTarget[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page53 = {
  items: SampleRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page54 = {
  items: BehindRow[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page55 = {
  items: Visit[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page6 = {
  items: CampaignLetter[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page7 = {
  items: Wish[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page8 = {
  items: Todo[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

/** One page of a list. */
export type Page9 = {
  items: User[]
  /** Rows in all, under the filter; [`COUNTED`] where there are at least so many. */
  total: number
  /** From 1. */
  page: number
  /** Rows a page. */
  size: number
}

export type PairRow = {
  from: string
  to: string
  deliveries: number
  /** base units, of what is known */
  g: number
  ml: number
  pc: number
  unknown_amount: number
  first: string
  last: string
}

/** 随货凭证 and supplier of a delivery or purchase; empty: not given (食品安全法 50、53、59、60、65、98). */
export type Papers = {
  /** 动物检疫合格证明 number */
  animal_quarantine?: string
  /** 肉品品质检验合格证 number */
  meat_inspection?: string
  /** 植物检疫证书 number */
  plant_quarantine?: string
  /** 产品合格证明（出厂检验报告） number */
  quality?: string
  /** 承诺达标合格证 number */
  commitment?: string
  /** 报关单号, of imports */
  customs?: string
  /** 入境货物检验检疫证明 number, of imports */
  import_inspection?: string
  /** 车牌号 */
  vehicle?: string
  /** Supplier outside the platform: person, telephone, address, licence number. */
  supplier_contact?: string
  supplier_phone?: string
  supplier_address?: string
  supplier_licence?: string
}

/** A business as a trading partner: what its public card says. */
export type Partner = {
  id: string
  code: string
  name: string
  kind: string
  kind_name: string
  division: string
  division_name: string
  address: string
  status: Status
  simulated: boolean
}

/** A business as it is kept. */
export type Party = {
  id: string
  /** Change number; send it back with an update. */
  seq: number
  /** 主体码 */
  code: string
  name: string
  uscc?: string | null
  kind: string
  division: string
  address: string
  /** Degrees, WGS-84. */
  lon?: number | null
  lat?: number | null
  /** In which system the source gave the place. */
  datum?: string | null
  /** Metres. */
  accuracy?: number | null
  status: Status
  items: string[]
  note: string
  /** Made by the simulator. */
  simulated: boolean
  created_at: number
  updated_at: number
  /** The business that this record is one with (合并); it is closed and only looked at. */
  merged_into?: string | null
}

export type PartyOf = {
  id: string
  name: string
  /** 业态 */
  kind: string
}

/** A passkey as its owner sees it. */
export type PasskeyRow = {
  id: string
  name: string
  created_at: number
  /** The last sign-in with it; `null` never. */
  used_at?: number | null
}

export type PasskeySignIn = {
  /** Of the challenge. */
  ask: string
  /** What the device answered: `credential.toJSON()`. */
  credential: Record<string, unknown>
}

export type PasswordInput = {
  old: string
  password: string
}

/** A row of the penalty table: a conduct in a band of the value of goods. Sums in fen. */
export type PenaltyBand = {
  /** Of the conduct: `124`, `125-label`. */
  code: string
  article: string
  conduct: string
  /** Goods worth this or more. */
  value_from: number
  /** Goods worth less than this; `null` without end. */
  value_to?: number | null
  low?: number | null
  high?: number | null
  /** Times the value of goods. */
  low_times?: number | null
  high_times?: number | null
  /** A circumstance without which there is no fine; empty for none. */
  needs: string
  /** What comes first, without that circumstance. */
  first: string
  /** What may come besides in serious cases. */
  serious: string
  extra: string
  source: string
  certainty: string
}

/** 处罚种类 */
export type PenaltyKind = {
  code: string
  name: string
  weight: number
  /** 1: always a hearing may be asked for. */
  hearing: number
  /** 1: counts for the three in a year (第一百三十四条). */
  counts: number
  statute: string
  certainty: string
}

/** A limit with its date and source. */
export type PenaltyLimit = {
  code: string
  value: number
  unit: string
  effective_from: string
  source: string
  certainty: string
}

/** The range and what follows from it. Sums in fen. */
export type PenaltyRange = {
  article: string
  conduct: string
  /** `null`: no fine (yet): what comes first is in `first`. */
  low?: number | null
  high?: number | null
  /** The part of the range that the circumstances point to. */
  advised_low?: number | null
  advised_high?: number | null
  /** A fine below the range may be lawful (减轻). */
  below: boolean
  first: string
  extra: string
  /** Serious (情节严重), and what may come besides. */
  serious: boolean
  serious_extra: string
  /** must, may, or empty: not to be punished. */
  exempt: string
  /** The third penalty in a year (第一百三十四条): 责令停产停业, until 吊销. */
  third_in_year: boolean
  /** Signs of a crime: to be looked at for a transfer to the police. */
  police: string[]
  /** Step by step, Chinese. */
  reasons: string[]
  source: string
  certainty: string
}

/** All of it. */
export type PenaltyTables = {
  bands: PenaltyBand[]
  circumstances: Circumstance[]
  kinds: PenaltyKind[]
  limits: PenaltyLimit[]
}

/** A period as statutes write it. */
export type Period = {
  unit: 'working_days'
  count: number
} | {
  unit: 'days'
  count: number
} | {
  unit: 'hours'
  count: number
}

export type PermissionOf = {
  code: string
  name: string
}

/** What a key may do. */
export type PermissionsInput = {
  permissions: string[]
}

/** An application as lists show it. */
export type Permit = {
  /** Also the id of its case. */
  id: string
  /** 食许申〔2026〕12号 */
  number: string
  matter: string
  matter_name: string
  /** new, change, renew, reissue, cancel */
  act: string
  act_name: string
  /** commitment, remote; empty ordinary */
  mode: string
  party: string
  party_name: string
  /** Business that acts for the applicant with a mandate; empty none. */
  agent: string
  division: string
  /** Number of the licence that it is about; empty for a new one. */
  licence: string
  form: string
  form_version: number
  submission: string
  status: string
  /** open, suspended, done, terminated, void */
  phase: string
  received_at: number
  accepted_at?: number | null
  decided_at?: number | null
  due_at?: number | null
  /** granted, not_accepted, refused, withdrawn, lapsed, terminated, void; empty while it goes on */
  outcome: string
  /** Id of the licence that it ended in; empty none. */
  issued: string
  simulated: boolean
  /** What the officer should look at. */
  notes: Note[]
}

/** A paper or photo. */
export type PermitFile = {
  id: string
  party: string
  /** SHA-256 of the content. */
  file: string
  media: string
  size: number
  name: string
  /** Which photo of a remote survey; empty a paper. */
  shot: string
  user_name: string
  taken_at?: number | null
  received_at: number
  lon?: number | null
  lat?: number | null
  /** Metres. */
  accuracy?: number | null
  in_app: boolean
  /** What an officer should look at: reused, far, no_place, clock, album, edited, unread. */
  doubts: string[]
  hash: string
}

/** An application with all that belongs to it. */
export type PermitView = {
  permit: Permit
  /** The case: status, clocks, documents, and what the asker may do. */
  case: CaseView
  /** What was filled in; personal data masked unless it was asked for whole. */
  content: Record<string, unknown>
  files: PermitFile[]
  /** What is still missing of the photos of a remote survey. */
  shots: ShotView[]
  submissions: Submission[]
  /** On-site checks, the latest first. */
  visits: PermitVisit[]
  /** Id of the check that goes on or went on after the grant; empty none. */
  check: string
}

/** An on-site check that the inspection room does for a case of this room. */
export type PermitVisit = {
  /** Its page is that of the visit. */
  visit: string
  /** 核查〔2026〕1号 */
  number: string
  /** Last day: `2026-03-10`. */
  due: string
  opened_at: number
  /** 核查记录〔2026〕1号; empty before. */
  record_no: string
  /** no_issue, issue_found; empty before. */
  conclusion: string
  recorded_at?: number | null
  /** Called off, or void. */
  off: boolean
}

export type Person = {
  id: string
  role: string
  name: string
  phone: string
}

export type Person2 = {
  id: string
  /** Sign-in name. */
  name: string
  full_name: string
}

/** Somebody who shows who they are on another's screen. */
export type PersonBeside = {
  /** Sign-in name. */
  name: string
  password: string
  /** Code of the second factor, where one is bound. */
  totp?: string | null
}

export type PersonView = {
  /** Empty: the house itself. */
  user: string
  name: string
}

/** A telephone number in full; that it was looked at is written down. */
export type Phone = {
  phone: string
}

/** A telephone number in full; that it was looked at is written down. */
export type Phone2 = {
  phone: string
}

export type Phone3 = {
  phone?: string
}

export type PhoneBound = {
  /** What is signed when it is taken up again. */
  session: string
}

export type PhoneKey = {
  /** P-256, SEC1 uncompressed (65 bytes), base64. */
  key: string
}

export type PhoneResume = {
  session: string
  /** Higher than the last. */
  no: number
  /** ECDSA with SHA-256 over `shian-resume`, the session and the number, a line each; r and s (64 bytes), base64. */
  signature: string
}

/** A photo of a card, a reader's display, a sample. */
export type Photo = {
  id: string
  test: string
  /** SHA-256 of the content. */
  file: string
  media: string
  /** Bytes. */
  size: number
  user_name: string
  taken_at?: number | null
  received_at: number
  in_app: boolean
  /** reused, clock, album, edited: what is to be looked at; nothing is refused for it. */
  doubts: string[]
  /** Of what is fixed of it; a fact of the ledger. */
  hash: string
}

export type Photo2 = {
  id: string
  party: string
  /** SHA-256 of the content. */
  file: string
  media: string
  size: number
  user: string
  user_name: string
  taken_at?: number | null
  received_at: number
  lon?: number | null
  lat?: number | null
  accuracy?: number | null
  /** Metres from the business. */
  distance?: number | null
  in_app: boolean
  /** reused, far, no_place, clock, album, edited, unread */
  doubts: string[]
  reused: string
  hash: string
}

/** A subject that was drawn, with who is sent. */
export type Picked = {
  /** Empty: no place is left for this seat. */
  subject: string
  /** Empty: nobody is free to go. */
  officers: string[]
  /** Too few were left without the rotation of areas: it was set aside. */
  waived: boolean
  /** The cell whose seat it is; draws of places alone have none. */
  cell?: string
}

/** A subject that was drawn, with names. */
export type PickedView = {
  /** Platform code of the business. */
  code: string
  party: string
  name: string
  address: string
  /** Names; none: nobody is free to go. */
  officers: string[]
  /** The rotation of areas was set aside. */
  waived: boolean
}

/** A defect as results and answers keep it. */
export type Place = {
  /** `进货!B12`, `/epcisBody/eventList/3/action`, `line 7 column 12` */
  place: string
  code: string
  message: string
}

/** A place with its name. */
export type Place2 = {
  division: string
  name: string
}

/** A division with its full name, what it lies in, and what became of it. */
export type Placed = {
  code: string
  /** Of a street or town without the name of its county, which some repeat (濮阳县文留镇). */
  name: string
  /** Label point, WGS-84 degrees; only down to counties. */
  lon?: number | null
  lat?: number | null
  /** First day, `2023-04` or `2023-04-03`; empty where it is not known. */
  valid_from: string
  /** First day on which it is no more; empty while valid. */
  valid_to: string
  /** The one code that came after; empty while valid, and where it was divided among several. */
  replaced_by: string
  /** The codes that came after. */
  successors: string[]
  full_name: string
  /** From the province down, itself last. */
  path: Division[]
  /** Whether it is there on the day. */
  valid: boolean
  /** Names that it had before, oldest first. */
  former_names: FormerName[]
  /** Codes that it came after. */
  predecessors: string[]
  /** Where its place lies on the day: its own code while it is valid; nothing where it was divided or ended. */
  now?: string | null
}

/** A yearly plan (年度监督检查计划). */
export type Plan = {
  id: string
  year: number
  division: string
  name: string
  /** computing, ready */
  state: string
  businesses: number
  by_name: string
  begun_at: number
  ready_at?: number | null
}

/** What the computing of a plan answers. */
export type PlanBegun = {
  plan: string
  /** Follow it at `/api/jobs/{id}`. */
  job: string
}

/** How far a plan has come in a county, by grade. */
export type PlanCount = {
  /** 6 digits. */
  county: string
  /** A to D; empty: not graded. */
  grade: string
  businesses: number
  /** Visits that the year asks for. */
  needed: number
  /** Recorded, no more of a business than it needs. */
  done: number
}

/** One business of a plan. */
export type PlanItem = {
  party: string
  name: string
  /** Platform code. */
  code: string
  division: string
  kind: string
  /** A to D; empty: not graded. */
  grade: string
  /** 重点检查对象 */
  priority: boolean
  needed: number
  done: number
  /** grade, floor, none */
  reason: string
  /** First moment at which the next visit is late, the year's visits spread evenly; `null`: nothing more is asked. */
  next_due?: number | null
  /** Last recorded visit, of any year. */
  last_at?: number | null
}

export type PlanItemQuery = {
  /** Text in the name, or the beginning of the platform code. */
  q?: string | null
  /** due, late, done */
  state?: string | null
  /** 1: 重点检查对象 only. */
  priority?: number | null
  /** due, -due, name, -name, grade, -grade, needed, -needed, done, -done, last, -last; those of priority first where it is not said. */
  sort?: string | null
  grade?: string | null
  /** 业态 */
  kind?: string | null
  /** Prefix of divisions. */
  division?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type PlanItemQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: PlanItemQuery
}

/** A plan with how far it has come. */
export type PlanView = {
  plan: Plan
  counts: PlanCount[]
}

/** One change: a pair of codes and the day from which it holds. */
export type PlannedChange = {
  /** First day of the new state: `2026-03-01`. */
  day: string
  /** Empty for a division that was set up anew. */
  old_code: string
  old_name: string
  /** The same as `old_code` for a new name; empty for a division that ended without a successor. */
  new_code: string
  new_name: string
  /** 依据 */
  basis: string
  /** renamed 更名, moved 代码变更或划转, divided 分为几个, set_up 新设, ended 撤销 */
  kind: string
  /** Businesses that lie there. */
  businesses: number
}

/** A platform and how far it has received. */
export type Platform = {
  id: string
  name: string
  dest: string
  /** Deliveries carry a signature with its token. */
  signed: boolean
  /** It receives what lies below this. */
  division: string
  /** active, paused */
  state: string
  /** Why the last attempt failed, or why it is paused; empty for neither. */
  note: string
  /** Number of the feed up to which it acknowledged. */
  upto: number
  /** Deliveries acknowledged. */
  deliveries: number
  /** Records of the feed that it has still to be sent. */
  waiting: number
  /** Failures in a row. */
  failures: number
  /** The next attempt, where one failed; not before. */
  next_at: number
  delivered_at?: number | null
  created_at: number
  created_by: string
}

/** A delivery to a platform. */
export type PlatformDelivery = {
  seq: number
  /** Lines of the feed after this number … */
  after: number
  /** … up to this. */
  upto: number
  lines: number
  attempts: number
  first_at: number
  last_at: number
  /** Of the last attempt; empty: acknowledged. */
  error: string
  acknowledged_at?: number | null
}

/** A factor that counted. */
export type Point = {
  /** static, dynamic, credit, up, down, to_d */
  part: string
  code: string
  name: string
  /** Points; steps for up and down. */
  points: number
  /** Most that this factor counts. */
  cap: number
  /** What is so, in words. */
  why: string
  /** Records behind it: `finding:ID`, `event:ID`. */
  records: string[]
  source: string
  article: string
  /** page, unconfirmed: so the source; setting: set by this platform, for the agency to change. */
  certainty: string
}

/** 快检点 */
export type Point2 = {
  id: string
  code: string
  name: string
  kind: string
  party: string
  bureau: string
  division: string
  address: string
  /** active, ended */
  state: string
  simulated: boolean
}

/** A factor that counts more or less than before. */
export type PointChange = {
  code: string
  name: string
  before: number
  after: number
}

/** What a point has at hand and whom it tests, as its own tests tell: nobody types a batch twice. */
export type PointView = {
  point: Point2
  party_name: string
  devices: Device[]
  /** Cards and reagents that are still good, the last used first. */
  cards: KnownCard[]
  /** The most frequent first. */
  foods: KnownFood[]
  stalls: KnownStall[]
  /** Tests of today in China, and those positive or suspect among them. */
  today: number
  today_positive: number
  /** Positives that wait for something. */
  open: number
}

/** A place as the source gave it. */
export type Position = {
  /** Degrees in `datum`. */
  lon: number
  lat: number
  datum: Datum
  /** Metres; unknown where left out. */
  accuracy?: number | null
}

/** A positive and its course. */
export type Positive = {
  /** Also the id of its case. */
  id: string
  test: string
  number: string
  point: string
  point_name?: string
  division: string
  party: string
  party_name?: string
  goods: string
  official: boolean
  status: string
  phase: string
  flags: string[]
  retest_due?: number | null
  sample: string
  finding: string
  opened_at: number
  closed_at?: number | null
  simulated: boolean
  food: string
  item: string
  stall: string
}

/** A positive with all that belongs to it. */
export type PositiveView = {
  positive: Positive
  /** The first and those after it. */
  tests: Test[]
  holds: Hold[]
  /** The statutory test; `null`: none yet. */
  sample?: Course | null
  /** What this result may be used for, in words, with the article. */
  law: LawLine[]
}

/** 岗位 */
export type Post = {
  id: string
  title: string
  bureau: string
  bureau_name: string
  roles: string[]
  jurisdiction: Area[]
  /** Reached beside the areas. */
  grids: Grid[]
  holders: Holder[]
}

/** A post: roles over areas, in a bureau. */
export type PostInput = {
  title: string
  bureau: string
  roles: string[]
  /** Prefixes of division codes, from the whole country down to a village; may be empty where grids are given. */
  jurisdiction?: string[]
  /** Ids of grids that the post reaches beside these. */
  grids?: string[]
}

/** A post and the one who holds it, by name only. */
export type PostName = {
  id: string
  title: string
}

/** From how many points of a hundred somebody of a post passes. */
export type PostPass = {
  post: string
  name: string
  pass: number
}

/** The posts a user is to hold, by id. */
export type PostsInput = {
  posts: string[]
}

/** What a recall of a lot would reach, before it is begun. */
export type Preview = {
  lot: number
  food: string
  spec: string
  batch: string
  made: string
  party: string
  party_name: string
  division: string
  lots_certain: number
  lots_possible: number
  holders_certain: number
  holders_possible: number
  counties: number
  account: Account
  /** How long it took, µs. */
  micros: number
  /** A recall of the batch that goes on. */
  open?: string | null
}

/** The body of a refusal. */
export type Problem = {
  /** `about:blank#code` */
  type: string
  /** Chinese text for the person. */
  title: string
  status: number
  /** Stable code for programs. */
  code: string
  /** The wrong input field, as a path (`lines/3/amount`). */
  field?: string | null
  /** Every wrong place, where the input has many. */
  defects?: Defect[]
}

/** For each mandatory step who, when, on time. */
export type ProcedureCertificate = {
  case: string
  kind: string
  kind_name: string
  number: string
  title: string
  lines: ProcedureStep[]
  /** No step is missing, late, or done by somebody who may not. */
  sound: boolean
  /** Entries of the log, and the hash of the last: what it was made from. */
  entries: number
  head: string
  simulated: boolean
}

/** A mandatory step. */
export type ProcedureStep = {
  name: string
  statute: string
  /** done, waiting, missing (the case is past it), `not_due` (the law does not ask for it here) */
  state: string
  who: string[]
  at?: number | null
  /** The last day in time, in China; empty where the law sets none. */
  due: string
  /** `null`: nothing was done yet, or there is no limit. */
  on_time?: boolean | null
  /** Separations and other things that the law asks for: whether they were kept. `null`: none, or not yet known. */
  apart?: boolean | null
  note: string
  /** Entry of the log. */
  seq?: number | null
}

/** A product as the database has it. */
export type Product = {
  id: string
  party: string
  division: string
  /** 14 digits */
  gtin?: string | null
  own_code: string
  name: string
  brand: string
  category: string
  spec: string
  unit: Unit
  /** Base units in a sales pack. */
  pack_size?: number | null
  /** 保质期, days */
  shelf_days?: number | null
  standard: string
  storage: string
  producer: string
  producer_party?: string | null
  licence: string
  /** active, withdrawn */
  status: string
  simulated: boolean
  created_at: number
  updated_at: number
}

/** A product as a business describes it. */
export type ProductForm = {
  /** Business that keeps the record; the only one of the person, where it is not said. */
  party?: string | null
  /** 商品条码, 8, 12, 13 or 14 digits */
  gtin?: string | null
  /** own number; made where it is empty */
  own_code?: string
  name: string
  brand?: string
  /** food category (32 大类) or agricultural code */
  category: string
  spec?: string
  unit: Unit
  pack_size?: number | null
  shelf_days?: number | null
  standard?: string
  storage?: string
  /** as printed; the business itself where it is empty */
  producer?: string
  producer_party?: string | null
  /** SC number */
  licence?: string
  /** active (default), withdrawn */
  status?: string | null
}

/** A product with its files. */
export type ProductPage = {
  product: NamedProduct
  files: TraceFile[]
}

/** What a list of products is asked for. */
export type ProductQuery = {
  /** part of name, brand, code, pinyin */
  q?: string | null
  party?: string | null
  category?: string | null
  status?: string | null
  gtin?: string | null
  /** prefix of a division code */
  division?: string | null
  /** name, -name, updated_at, -updated_at (newest first by default) */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type ProductQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: ProductQuery
}

/** How it goes; shown to administrators and in the metrics. */
export type Progress = {
  generation: string
  /** Number of the last segment that was taken from the log. */
  taken: number
  /** When the last segment reached the target; ms UTC. */
  shipped_at?: number | null
  /** When the last whole base was taken; ms UTC. */
  base_at?: number | null
  /** Files that wait for the target, and the age of the oldest in ms. */
  waiting: number
  lag: number
  /** Why it does not go on, Chinese. */
  error?: string | null
}

/** A measure that the house proposes and a person confirms. */
export type Proposal = {
  id: string
  party: string
  party_name: string
  division: string
  measure: string
  measure_name: string
  /** punish, incent */
  side: string
  source: string
  /** `listed:CASE`, `credit.D:2026`, `red:ID` */
  basis: string
  proposed_at: number
  decider_name: string
  decided_at?: number | null
  confirmed?: boolean | null
  reason: string
}

/** What anybody may know of a licence. */
export type PublicLicence = {
  number: string
  matter_name: string
  party_name: string
  issuer: string
  issued: string
  expires: string
  face: string[][]
  /** valid, expired, replaced, cancelled, revoked */
  status: string
  status_name: string
  /** The signed form that verifies without this house. */
  note: string
  simulated: boolean
}

/** How published notices are asked for. */
export type PublishedQuery = {
  /** In the food, the shop, the producer, the number. */
  q?: string | null
  /** 1: only those that failed. */
  fails?: number | null
  /** `day` (as without: the latest first), `day_up`, `food`, `food_down`, `shop`, `shop_down`, `producer`, `producer_down`. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type PublishedQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: PublishedQuery
}

/** A sample out of a published notice. */
export type PublishedRow = {
  sample_no: string
  food: string
  shop: string
  producer: string
  day: string
  fails: boolean
  /** JSON as read. */
  told: string
}

/** A named query, as the standard writes it. */
export type QueryDefinition = {
  /** 1 to 100 letters, digits, `-` and `_` */
  name: string
  /** Parameters by name; lists as arrays. */
  query: Record<string, unknown>
}

/** A question with what is right. */
export type Question = {
  code: string
  form: Form2
  text: string
  /** What may be chosen: the first is A. */
  choices: string[]
  /** Letters in their order: `B`, `ABC`. */
  right: string
  /** Why, in a sentence. */
  because: string
  statute: string
  /** confirmed: read in the text or told by an official page; unconfirmed: general knowledge. */
  certainty: string
}

/** A job that was put in the queue; follow it at `/api/jobs/{id}`. */
export type Queued = {
  job: string
}

/** A job that was put in the queue; follow it at `/api/jobs/{id}` or `/api/jobs/{id}/events`. */
export type Queued2 = {
  job: string
}

/** A job that was put in the queue; follow it at `/api/jobs/{id}`. */
export type Queued3 = {
  job: string
}

/** For the menu. */
export type RapidMine = {
  /** The asker's bureau supervises them, or its business tests, has a point, or was tested. */
  concerned: boolean
}

/** Rates by county, kind of business, or source. */
export type Rate = {
  /** Division of six digits, kind, or source. */
  of: string
  found: number
  closed: number
  /** Ordered to be mended by a day. */
  ordered: number
  /** Answered in time. */
  in_time: number
  /** Overdue at some time. */
  overdue: number
  /** Sent back by a check at least once. */
  reopened: number
}

/** Call-backs in numbers. */
export type Reached = {
  drawn: number
  called: number
  reached: number
  informed: number
  stopped: number
}

/** Which messages were read. */
export type Read = {
  /** At most 500; those that are not one's own are passed over. */
  ids?: string[]
  /** Every one that is there. */
  all?: boolean
}

/** A platform that reads. */
export type Reader = {
  name: string
  upto: number
  at: number
}

/** A recall. Its id is that of its case. */
export type Recall = {
  id: string
  number: string
  /** Of the public page: `/recalls/CODE`. */
  code: string
  /** ordered 责令召回, voluntary 主动召回 */
  mode: string
  /** 1, 2, 3 */
  grade: number
  /** safety, label, illegal, carcass, spoilt */
  cause: string
  reason: string
  /** self, sample, rapid, investigation, complaint, inspection, other */
  source: string
  source_ref: string
  party: string
  party_name?: string
  division: string
  product: string
  food: string
  spec: string
  batch: string
  made: string
  /** g, ml, pc */
  unit: string
  /** The lot that the batch began with. */
  lot: number
  status: string
  phase: string
  /** A deadline was missed. */
  late: boolean
  opened_at: number
  ordered_at?: number | null
  planned_at?: number | null
  announced_at?: number | null
  finished_at?: number | null
  closed_at?: number | null
  /** Empty while it goes on; closed, withdrawn, terminated, void. */
  outcome: string
  /** What scan pages show; empty: nothing. */
  notice: string
  /** Finding the holders and issuing the notices was asked for. */
  wanted_at?: number | null
  /** Last event of the ledger that the scope saw. */
  event?: number | null
  scoped_at?: number | null
  /** How long finding it took, µs. */
  scope_micros?: number | null
  scope_hash: string
  lots_certain: number
  lots_possible: number
  issued_at?: number | null
  simulated: boolean
}

/** That an officer accepts why an amount is missing. */
export type RecallAccept = {
  origin: number
  /** What is missing, as the officer saw it, in base units. */
  amount: number
  /** What became of it and how that was found out: 5 to 500 characters. */
  reason: string
}

/** Somebody outside of the platform to whom the food went. */
export type RecallOutside = {
  no: number
  /** Business on the platform that sent it. */
  party: string
  party_name: string
  origin: number
  food: string
  batch: string
  /** As the sender wrote it down. */
  name: string
  certain: boolean
  unit: string
  amount: number
  /** 告知函文号 */
  number: string
  issued_at: number
  told_at?: number | null
  /** letter, phone, visit; empty: not told yet */
  how: string
  note: string
  told_name: string
}

/** A holder on the map. */
export type RecallPlace = {
  party: string
  name: string
  division: string
  /** Degrees, WGS-84; none: where it is is not known. */
  lon?: number | null
  lat?: number | null
  /** open, late, reported, settled */
  state: string
  certain: boolean
  /** Of the recall's unit: answered for, and what no report explains (none before the report). */
  due: number
  open?: number | null
}

/** That somebody outside of the platform was told. */
export type RecallTold = {
  /** letter, phone, visit */
  how: string
  /** What they said, how much of it they have; up to 300 characters. */
  note?: string
}

/** A disposal that was announced and that nobody has watched yet, as an officer of its place sees it. */
export type RecallWatch = {
  disposal: Disposal
  recall: string
  number: string
  grade: number
  /** Of the batch that is disposed of. */
  food: string
  batch: string
  reason: string
  simulated: boolean
  /** Where who does it is registered; the words of the announcement say where it is done. */
  lon?: number | null
  lat?: number | null
}

/** How far a platform has read. */
export type Receipt = {
  upto: number
}

/** Receipt (签收). */
export type Receipt2 = {
  /** What was done about it; may be empty. */
  note?: string
}

/** The draw of the laboratory that rechecks, with its proof. */
export type RecheckDraw = {
  draw: KeptDraw
  /** Leaf of the ledger with the commitment; `null`: on its way there. */
  leaf?: number | null
  /** Leaves signed so far: at `leaf` or above, it can be drawn. */
  ledger_size: number
  /** The note that was mixed in; empty before the draw. */
  checkpoint: string
  /** Laboratories that it is drawn from. */
  pool: DrawnLab[]
  /** Others in the list, with why not. */
  left_out: LabLeftOut[]
  /** Where anybody gets the file to do it again. */
  file_url: string
}

/** A record as it was kept. */
export type RecordView = {
  record: NewRecord
  user: string
  user_name: string
  received_at: number
  /** Metres from the business; `null` unknown. */
  distance?: number | null
  /** SHA-256 of the record, a fact of the ledger. */
  hash: string
}

/** What a record is answered, the same for each repeat. */
export type Recorded = {
  visit: string
  /** 检查记录〔2026〕1号 */
  number: string
  code: string
  status: string
  /** no_issue, issue_found */
  conclusion: string
  /** onsite_correct, rectify, case */
  handling: string[]
  /** First moment beyond the term for publication. */
  publish_by?: number | null
  /** Where the business answers; the QR says it. */
  answer_url: string
  findings: OpenedFinding[]
  /** Photos that show what was shown before. */
  reused?: ReusedPhoto[]
  /** What came of those who were examined. */
  exams?: ExamResult[]
}

/** 回避: an officer who may not inspect a business. */
export type Recusal = {
  officer: string
  party: string
  /** Of the officer. */
  name: string
  party_name: string
  division: string
  reason: string
  /** Who noted it. */
  by_name: string
  at: number
}

/** What the rule does not allow. */
export type Refusal = {
  when: Cond
  field: string
  text: string
  source: string
}

/** The business would not sign. */
export type Refusal2 = {
  reason: string
  /** Who saw it. */
  witness: string
  /** Hash of the witness's signature, or of the video. */
  file: string
}

/** One line that was refused. */
export type Refused = {
  index: number
  code: string
  message: string
  field?: string | null
}

/** A message that did not go in. */
export type RefusedMessage = {
  id: string
  day: string
  topic: string
  point: string
  code: string
  message: string
  sent: string
  times: number
  first_at: number
  last_at: number
}

/** A device with its key, shown this once. */
export type Registered = {
  device: Device
  /** 64 hex digits: the key of its HMAC-SHA256. */
  secret: string
  /** Where it publishes. */
  topic: string
}

/** A report as it was made. */
export type Report = {
  id: string
  party: string
  origin: number
  /** report, disposal, confirm, accept */
  kind: string
  told: Told
  confirmed: number
  note: string
  proof: string[]
  user: string
  user_name: string
  at: number
  hash: string
}

/** A report in a list. */
export type Report2 = {
  id: string
  /** weekly, monthly, yearly */
  template: string
  name: string
  division: string
  place: string
  first: string
  last: string
  period: string
  edition: number
  /** schedule, missed, asked */
  cause: string
  /** waiting, done, partial, failed */
  state: string
  /** What is missing and why; empty nothing. */
  fault: string
  /** SHA-256 of its content and of its files; empty where there is none. */
  hash: string
  xlsx: string
  pdf: string
  asked_name: string
  due_at: number
  made_at?: number | null
  simulated: boolean
}

export type ReportIssue = {
  /** It may harm gravely: reported within 24 hours. */
  grave?: boolean
  /** Items that no rule decides, decided by the one who signs. */
  decided?: DecidedItem[]
}

/** One line of a report. */
export type ReportLine = {
  origin: number
  on_hand: number
  sold: number
  destroyed: number
  returned: number
}

/** A report with what it says. */
export type ReportView = {
  id: string
  /** weekly, monthly, yearly */
  template: string
  name: string
  division: string
  place: string
  first: string
  last: string
  period: string
  edition: number
  /** schedule, missed, asked */
  cause: string
  /** waiting, done, partial, failed */
  state: string
  /** What is missing and why; empty nothing. */
  fault: string
  /** SHA-256 of its content and of its files; empty where there is none. */
  hash: string
  xlsx: string
  pdf: string
  asked_name: string
  due_at: number
  made_at?: number | null
  simulated: boolean
  /** `null`: not made yet. */
  content?: Content2 | null
  /** Other editions of the same period, the latest first. */
  editions: Report2[]
  /** The asker is told of reports of this kind and place. */
  subscribed: boolean
}

/** A declared correction; what stood before stays. */
export type ResultCorrection = {
  id: string
  item: string
  before_result: string
  after_result: string
  unit: string
  judged: JudgedItem[]
  outcome: string
  reason: string
  user_name: string
  at: number
}

/** Results out of a sheet; nothing is kept of them yet. */
export type ResultSheet = {
  items: TestResult[]
  defects: SheetDefect[]
}

export type ResumeForm = {
  /** The last delivery that the receiver has; those after it are sent again. Where it stopped, if it is left out. */
  after?: number | null
}

/** What somebody sent back. */
export type ReturnRow = {
  party: string
  name: string
  origin: number
  unit: string
  returned: number
  confirmed: number
}

/** A photo of a record that was shown before. */
export type ReusedPhoto = {
  sha256: string
  item: string
  /** Where: 检查〔2026〕1号, 问题〔2026〕9号 */
  number: string
}

/** The grade that stands of a business, for lists. */
export type RiskRow = {
  party: string
  party_name: string
  division: string
  division_name: string
  kind: string
  year: number
  total: number
  /** A to D. */
  grade: string
  /** The grade before; empty for none. */
  before_grade: string
  /** Visits a year. */
  least: number
  most: number
  /** 0 to 100. */
  credit_score: number
  /** A to D. */
  credit_grade: string
  at: number
  simulated: boolean
  /** Number of the grade among those of the business. */
  no: number
}

/** The risk grade of a business, point by point. */
export type RiskView = {
  party: string
  party_name: string
  division: string
  division_name: string
  kind: string
  /** Nothing where it was not graded yet, or is no more. */
  standing?: Graded | null
  /** The latest first, at most 20. */
  history: GradeChange[]
  adjustments: Adjustment[]
}

/** A role and what it may do. */
export type RoleOf = {
  code: string
  name: string
  permissions: PermissionOf[]
}

/** A business in a list. */
export type Row = {
  id: string
  /** Change number; send it back with an update. */
  seq: number
  /** 主体码 */
  code: string
  name: string
  uscc?: string | null
  kind: string
  division: string
  address: string
  /** Degrees, WGS-84. */
  lon?: number | null
  lat?: number | null
  /** In which system the source gave the place. */
  datum?: string | null
  /** Metres. */
  accuracy?: number | null
  status: Status
  items: string[]
  note: string
  /** Made by the simulator. */
  simulated: boolean
  created_at: number
  updated_at: number
  /** The business that this record is one with (合并); it is closed and only looked at. */
  merged_into?: string | null
  kind_name: string
  division_name: string
  status_name: string
  /** The licence that ends first: its number, last day (empty where it has none) and how it stands: valid, expiring, expired, unknown. Nothing where there is no licence. */
  licence?: RowLicence | null
}

/** A notice with the name of what it is about. */
export type Row2 = {
  id: string
  kind: NoticeKind
  /** product id */
  product: string
  /** only this batch; empty: every batch */
  batch: string
  /** only the batch that began with this lot */
  lot?: number | null
  party: string
  division: string
  /** 召回级别 1, 2, 3 */
  grade?: number | null
  reason: string
  advice: string
  /** 发布机关 */
  issuer: string
  since: number
  until?: number | null
  author: string
  lifted_at?: number | null
  lifted_by: string
  lift_reason: string
  product_name: string
  /** shown to the public now */
  standing: boolean
}

export type RowLicence = {
  number: string
  expires: string
  state: string
}

/** A period with where it is written. */
export type Rule = {
  period: Period
  source: string
  certainty: string
}

/** The rules of one variant on one day: what a grade is pinned to. */
export type RuleSet = {
  variant: Variant
  factors: Factor[]
  bands: Band[]
}

/** A field of a form and what it says. People are named by what came of it; of files only the number is told. */
export type Said = {
  name: string
  text: string
}

/** A sample as lists show it. */
export type Sample = {
  /** Also the id of its case. */
  id: string
  number: string
  sample_no: string
  blind: string
  quota: string
  mode: string
  kind: string
  stage: string
  category: string
  food: string
  party: string
  party_name: string
  division: string
  lab: string
  sampler1: string
  sampler2: string
  house1: string
  house2: string
  producer: string
  lot?: number | null
  trace_code: string
  /** JSON of the 抽样单. */
  sheet: string
  sheet_hash: string
  taken_at?: number | null
  made: string
  received_at?: number | null
  issued_at?: number | null
  /** conforms, fails, undecided, monitored; empty for none yet. */
  verdict: string
  grave: boolean
  served_at?: number | null
  confirmed_at?: number | null
  recheck_lab: string
  recheck_draw: string
  finding: string
  scope_certain?: number | null
  scope_possible?: number | null
  status: string
  phase: string
  flags: string[]
  opened_at: number
  closed_at?: number | null
  simulated: boolean
  /** Who signed the report. */
  issued_by: string
  rechecked_at?: number | null
  /** upheld, overturned; empty for no recheck. */
  recheck_verdict: string
  /** A failure that stood already was overturned afterwards. */
  overturned_at?: number | null
}

/** A cell of a plan with how far it is. */
export type SampleCell = {
  id: string
  category: string
  category_name: string
  stage: string
  division: string
  items: string[]
  quota: number
  /** Tasks that were made, not counting those that ended without a sample. */
  tasks: number
  taken: number
  reported: number
  failed: number
}

/** One cell of a plan that is to be otherwise. */
export type SampleCellChange = {
  /** The cell; empty: a new one. */
  cell?: string
  /** The cell goes: only where no task was made of it. */
  remove?: boolean
  /** Of a new cell; a cell that is there keeps its food, stage and place. */
  category?: string
  category_name?: string
  stage?: string
  division?: string
  /** Left out: as they were. */
  items?: string[] | null
  /** Never fewer than the tasks that were made. */
  quota?: number | null
}

/** What a version changed of one cell. */
export type SampleCellChanged = {
  cell: string
  /** add, change, remove */
  action: string
  before?: SampleCellShape | null
  after?: SampleCellShape | null
}

/** A cell before or after a change. */
export type SampleCellShape = {
  category: string
  category_name: string
  stage: string
  division: string
  items: string[]
  quota: number
}

/** A sample with all that belongs to it. */
export type SampleDetail = {
  sample: Sample
  lab_name: string
  sampler_names: string[]
  /** Items that whoever ordered it wants tested. */
  asked: string[]
  media: SampleMedia[]
  parts: SamplePart[]
  /** Of the newest revision. */
  results: TestResult[]
  judged: JudgedItem[]
  corrections: ResultCorrection[]
  streams: DisposalStream[]
  /** Whose each stream is; one that is not among them is the bureau's that sampled. */
  given: DisposalGiven[]
  stream_files: DisposalFile[]
  /** The producer named on it. */
  maker: SampleMaker
  /** 协查函, the first first. */
  letters: SampleLetter[]
  /** What the conclusion brings with it. */
  duties: SampleDuty[]
  /** Until when the spare is kept; `null` before there is a conclusion. */
  spare_kept?: SampleSpareKept | null
  /** What was said against it, the first first. */
  objections: SampleObjected[]
  /** `null` before its laboratory is drawn. */
  recheck?: SampleRecheck | null
  /** What the last correction came to: conforms, fails, undecided; empty: none. */
  corrected: string
  /** The sample whose report came to fail by a correction, because of which this one is taken. */
  follows?: SampleLink | null
  /** Samples taken again because a correction made this one fail. */
  followed_by: SampleLink[]
}

/** A list of draws as it is filtered. */
export type SampleDrawList = {
  /** In the name. */
  q?: string | null
  /** What it is drawn for. */
  about?: string | null
  /** committed, drawn, used */
  state?: string | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type SampleDrawListExport = {
  format?: Format
  /** The query of the list. */
  list?: SampleDrawList
}

/** A draw with its proof. */
export type SampleDrawView = {
  draw: KeptDraw
  /** Leaf of the ledger with the commitment; `null`: on its way there. */
  leaf?: number | null
  /** Leaves signed so far: at `leaf` or above, it can be drawn. */
  ledger_size: number
  /** The note that was mixed in; empty before the draw. */
  checkpoint: string
  plan_name: string
  seats: DrawnSeat[]
  /** Tasks that are still to be taken: the public file stays closed meanwhile. */
  waiting: number
  /** Where anybody gets the file to do it again. */
  file_url: string
}

/** What a conclusion brings with it, also where the case has ended. */
export type SampleDuty = {
  /** tell_pass 合格结论报送, tell_recheck 通报复检结论 */
  code: string
  name: string
  /** The last day in time. */
  last_day: string
  /** It was done late, or is late now. */
  late: boolean
  done_at?: number | null
  done_name: string
  told_to: string
  statute: string
  /** How sure the statute is, as of clocks. */
  certainty: string
}

/** A sample of another county of which streams were given to the asker's. */
export type SampleGiven = {
  id: string
  sample_no: string
  food: string
  party_name: string
  /** Where it was sampled. */
  division: string
  status: string
  given_at: number
  /** Streams that were given, and those of them that are passed. */
  all: number
  passed: number
  simulated: boolean
}

/** What the label of a lot would say. */
export type SampleGoods = {
  /** What was scanned ties the sample to it; `null`: the product is known, the lot is not. */
  lot?: number | null
  /** 追溯码; empty for none. */
  code: string
  /** 14 digits; empty for none. */
  gtin: string
  name: string
  brand: string
  spec: string
  standard: string
  storage: string
  batch: string
  made: string
  expires: string
  /** Days. */
  shelf_days?: number | null
  /** Made by the place itself. */
  own: boolean
  maker: SampleMaker2
  /** On hand, in the base unit (g, ml, pc); `null` where that is not known. */
  on_hand?: number | null
  unit: string
}

/** A stretch of custody; the next begins where it ends. */
export type SampleHand = {
  no: number
  holder: string
  holder_name: string
  person: string
  person_name: string
  giver: string
  giver_name: string
  from_at: number
  until_at?: number | null
  /** °C */
  temperature: string
  seal_whole: boolean
  note: string
  hash: string
}

/** Somebody fills the sheet in with no network. */
export type SampleHold = {
  user: string
  name: string
  until: number
  device: string
}

export type SampleHoldAsk = {
  /** The device, as it names itself. */
  device: string
  /** 24 where not said, 48 at most. */
  hours?: number | null
}

/** What became of a sheet. */
export type SampleImport = {
  read: number
  added: number
  /** Already there. */
  known: number
  rejected: number
  /** The first hundred: place and what to do. */
  defects: string[]
  /** Of rows that were taken in, the first hundred: place and what of the row was not taken as it stands. */
  notes: string[]
  /** Id of a file of published notices, for its rejected rows; empty otherwise. */
  id: string
  /** Of a zip, what came of each workbook in it; empty of a single one. */
  books: ImportedBook[]
}

/** 协查函, and the answer to it. */
export type SampleLetter = {
  number: string
  /** To which organ. */
  to: string
  asked: string
  sent_at: number
  by_name: string
  /** Until when the answer is awaited; empty once it is there, or where the case has ended. */
  last_day: string
  /** Day of the answer; empty: none yet. */
  answer_on: string
  answer_no: string
  answer: string
  answered_by: string
}

/** The answer of the bureau that was asked, where it is on the platform. */
export type SampleLetterAnswer = {
  /** Day of the answer. */
  answer_on: string
  /** Number of the letter that answers; empty for none. */
  answer_no?: string
  answer: string
}

/** Another sample. */
export type SampleLink = {
  id: string
  sample_no: string
  food: string
}

/** The producer that is named on what was sampled. */
export type SampleMaker = {
  /** Empty: none is named. */
  name: string
  address: string
  /** Known here: in which division; empty for not known. */
  division: string
  /** The bureau of its county, where that is another county with a bureau on the platform; empty for none. */
  bureau: string
  /** Not of the county where it was sampled, as far as is known. */
  elsewhere: boolean
  /** It was sent its notice. */
  told_at?: number | null
}

export type SampleMaker2 = {
  /** parties.id where it is known here; empty otherwise. */
  party: string
  name: string
  address: string
  licence: string
}

export type SampleMedia = {
  id: string
  kind: string
  file: string
  media: string
  size: number
  taken_at?: number | null
  lon?: number | null
  lat?: number | null
  user: string
  received_at: number
  user_name: string
  /** Metres. */
  accuracy?: number | null
  /** Metres from the place. */
  distance?: number | null
  in_app: boolean
  /** As of evidence of findings: reused, far, no_place, clock, album, edited, unread. */
  doubts: string[]
  /** SHA-256 over all of the above; a fact of the ledger. */
  hash: string
}

/** Why there is no sample. */
export type SampleMissed = {
  /** The business refused; otherwise there was nothing to be had. */
  refused: boolean
  /** 拒检事实认定, 未抽样原因 */
  reason: string
  witness?: string
  at?: number | null
}

/** 异议, with what came of it. */
export type SampleObjected = {
  /** sampling 抽样过程, truth 样品真实性, method 检验方法, standard 标准适用 */
  about: string
  said: string
  at: number
  /** raised 待受理, accepted 审核中, refused 不予受理, holds 成立, fails 不成立; ended where the case ended before */
  state: string
  state_at: number
  /** Why, as whoever decided wrote it; empty before. */
  decision: string
  /** The last day of the next decision; empty where none is awaited. */
  last_day: string
}

/** What a business says to a result that was served. */
export type SampleObjection = {
  /** accept_result, apply, object, object_sampling */
  action: string
  form: unknown
}

/** Offers a part to somebody: the giver's signature. */
export type SampleOffer = {
  /** test, spare */
  part: string
  /** The laboratory that is to have it. */
  receiver: string
  /** 16 letters and digits of the giver's phone, shown as a QR code and scanned by the receiver; empty for none. */
  code?: string
}

/** Takes over what was offered: the receiver's signature. */
export type SampleOver = {
  /** °C, where it matters; decimal. */
  temperature?: string
  seal_whole: boolean
  note?: string
}

/** Everything for taking a sample with no network. */
export type SamplePack = {
  task: SampleTask
  place: SamplePlace
  /** What the place has on hand, at most three hundred lots. */
  goods: SampleGoods[]
  form: SheetForm
  /** 食品大类、亚类、次亚类、细类 as plans call them, else the first level as the licence rules do; empty where nobody names it. */
  foods: string[]
  /** Officers of whom one goes along, by name; none where nobody must. */
  escorts: string[]
  /** Who has it in hand. */
  hold?: SampleHold | null
  /** In front of a code of hand-over, a sample to be sealed. */
  field_url: string
  made_at: number
}

/** 检样 or 备样 and who had it from when. */
export type SamplePart = {
  /** test, spare */
  part: string
  seal: string
  amount: string
  unit: string
  hands: SampleHand[]
  /** To whom it is on offer; empty for nobody. */
  offered_to: string
}

export type SamplePlace = {
  id: string
  code: string
  name: string
  kind: string
  address: string
  division: string
  uscc: string
  licence_kind: string
  licence_no: string
}

export type SamplePlan = {
  id: string
  name: string
  year: number
  division: string
  source: string
  created_at: number
  quota: number
  taken: number
}

/** A change of a plan. */
export type SamplePlanChange = {
  reason: string
  cells: SampleCellChange[]
}

/** A version of a plan. */
export type SamplePlanVersion = {
  /** From 1; the plan as it was made is 0. */
  no: number
  reason: string
  /** The proposal that it came from; empty: none. */
  target: string
  user_name: string
  at: number
  cells: SampleCellChanged[]
}

export type SampleProgress = {
  plan: SamplePlan
  cells: SampleCell[]
}

/** Cells of a plan out of a sheet. */
export type SampleQuotaSheet = {
  quotas: NewSampleQuota[]
  rows: number
  /** Where and what; a sheet with any is mended and sent again. */
  defects: SheetDefect[]
  defects_total: number
}

/** 复检: by whom, of what, with what result. */
export type SampleRecheck = {
  lab: string
  lab_name: string
  /** Items that are rechecked. */
  asked: string[]
  /** Items asked for and not rechecked, with why. */
  refused: NotRechecked[]
  /** `null` before it was promised. */
  draw?: RecheckDraw | null
  results: TestResult[]
  judged: JudgedItem[]
  at?: number | null
  /** upheld, overturned; empty for none yet. */
  verdict: string
}

/** A sample in a list. */
export type SampleRow = {
  /** Also the id of its case. */
  id: string
  number: string
  sample_no: string
  quota: string
  mode: string
  kind: string
  stage: string
  category: string
  food: string
  party: string
  /** On the day of the task. */
  party_name: string
  division: string
  lab: string
  lab_name: string
  taken_at?: number | null
  issued_at?: number | null
  /** conforms, fails, undecided, monitored; empty for none yet. */
  verdict: string
  grave: boolean
  status: string
  flags: string[]
  opened_at: number
  closed_at?: number | null
  /** From when the running clock nearest its end is too late. */
  due_at?: number | null
  /** Its code in the definition; empty for none. */
  due_clock: string
  /** A clock ran out and those above were told. */
  late: boolean
  simulated: boolean
}

export type SampleScan = {
  /** 追溯码, barcode, or the code of the place, as it was read. */
  code: string
}

/** The second sampler's word. */
export type SampleSeal = {
  /** What they seal: `told` or `sheet_hash` of the sheet; empty where it was looked at on the spot. */
  sheet?: string
  at?: number | null
  /** The second sampler on the first one's phone shows who they are. */
  person?: PersonBeside | null
}

/** A signature under the 抽样单. */
export type SampleSignature = {
  /** first, second (抽样人员), business (被抽样单位), escort (陪同执法人员), witness */
  role: string
  name: string
  /** SHA-256 of the picture. */
  file: string
}

/** Until when the spare is kept. */
export type SampleSpareKept = {
  /** The last day on which it must be there. */
  until: string
  /** The first on which it may be disposed of. */
  from: string
  /** The food is past its day before the months are over. */
  by_date: boolean
  /** It may yet be rechecked: it is kept until that is over, whatever the days say. */
  needed: boolean
  months: number
  statute: string
  /** How sure the statute is, as of clocks. */
  certainty: string
}

/** The statistics of sampling of a place. */
export type SampleStatistics = {
  division: string
  name: string
  from: string
  to: string
  by: By
  across?: By | null
  /** Results of items are counted, not samples. */
  of_items: boolean
  total: Share
  /** Failures that a recheck or an objection overturned: counted as conforming. */
  overturned: number
  /** Reports that decide nothing: not counted. */
  undecided: number
  columns: Key[]
  /** Those with the most tested first; months and seasons in their order. */
  rows: StatLine[]
  /** By month of sampling. */
  months: StatLine[]
  labs: LabLine[]
  steps: StepLine[]
  /** Below so many tested a share says little. */
  few: number
}

/** A proposal. */
export type SampleTarget = {
  id: string
  /** County. */
  place: string
  place_name: string
  category: string
  category_name: string
  /** produce, trade, catering */
  stage: string
  item: string
  points: number
  /** Batches that are proposed. */
  batches: number
  why: SampleTargetPoint[]
  sites: SampleTargetSite[]
  /** SHA-256 of the rules. */
  rules: string
  /** open, taken, declined, lapsed */
  state: string
  made_at: number
  computed_at: number
  decided_at?: number | null
  decided_by: string
  reason: string
  /** Taken into this plan; empty: not. */
  plan: string
  cell: string
  /** Taken as this task; empty: not. */
  sample: string
  simulated: boolean
}

/** A point of a proposal. */
export type SampleTargetPoint = {
  /** Row of data/sampling/target-rules.csv. */
  code: string
  name: string
  /** What is known, in words: `一年内 3 批次不合格`. */
  fact: string
  points: number
  /** confirmed, setting: `setting` is this platform's own value, no law. */
  certainty: string
  source: string
  note: string
}

/** How a list is asked for. */
export type SampleTargetQuery = {
  /** Prefix of divisions. */
  division?: string | null
  /** open (by default), taken, declined, lapsed, all */
  state?: string | null
  /** Place in the tree of foods, and below. */
  category?: string | null
  stage?: string | null
  /** Item, or name of a business that is listed. */
  q?: string | null
  /** points, category, item, place, made; `-` before it turns it round. The most points first where it is not said. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type SampleTargetQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: SampleTargetQuery
}

/** A business to begin with. */
export type SampleTargetSite = {
  party: string
  name: string
  points: number
  why: SampleTargetPoint[]
}

/** A sample to be taken or brought, as its samplers see it. */
export type SampleTask = {
  /** Also the id of its case. */
  id: string
  number: string
  sample_no: string
  blind: string
  quota: string
  mode: string
  kind: string
  stage: string
  category: string
  food: string
  party: string
  party_name: string
  division: string
  lab: string
  sampler1: string
  sampler2: string
  house1: string
  house2: string
  producer: string
  lot?: number | null
  trace_code: string
  /** JSON of the 抽样单. */
  sheet: string
  sheet_hash: string
  taken_at?: number | null
  made: string
  received_at?: number | null
  issued_at?: number | null
  /** conforms, fails, undecided, monitored; empty for none yet. */
  verdict: string
  grave: boolean
  served_at?: number | null
  confirmed_at?: number | null
  recheck_lab: string
  recheck_draw: string
  finding: string
  scope_certain?: number | null
  scope_possible?: number | null
  status: string
  phase: string
  flags: string[]
  opened_at: number
  closed_at?: number | null
  simulated: boolean
  /** Who signed the report. */
  issued_by: string
  rechecked_at?: number | null
  /** upheld, overturned; empty for no recheck. */
  recheck_verdict: string
  /** A failure that stood already was overturned afterwards. */
  overturned_at?: number | null
  address: string
  /** Degrees, WGS-84. */
  lon?: number | null
  lat?: number | null
  lab_name: string
  samplers: Sampler[]
  /** The sheet was handed in, and by whom; the other one seals. */
  sheet_by: string
  /** See [`Seal::sheet`]. */
  told: string
  /** No sampler is of a bureau and the mode demands one: an officer goes along (陪同). */
  escort: boolean
}

/** It was told. */
export type SampleToldDuty = {
  /** tell_pass, tell_recheck */
  code: string
  /** To whom. */
  told_to: string
}

export type Sampler = {
  user: string
  name: string
  house: string
  house_name: string
}

/** Somebody who may take a sample, or test it. */
export type SamplerChoice = {
  user: string
  name: string
  /** Of the laboratory; otherwise of a bureau. */
  of_lab: boolean
}

/** The fields as they are written. */
export type Schedule = {
  second?: string | null
  minute?: string | null
  hour?: string | null
  dayOfMonth?: string | null
  month?: string | null
  /** 1 Monday to 7 Sunday */
  dayOfWeek?: string | null
}

export type ScopeBrief = {
  id: string
  /** 范围〔2026〕0001 */
  no: string
  at: number
  by: string
}

/** A line of the list of frozen scopes (固定范围). */
export type ScopeLine = {
  id: string
  investigation: string
  no: string
  case_no: string
  title: string
  /** ledger, network: orders go out from a scope of the ledger only */
  source: string
  division: string
  division_name: string
  note: string
  lots: number
  stations: number
  deliveries: number
  /** SHA-256 of the content */
  hash: string
  by: string
  at: number
  simulated: boolean
}

/** The result for one station or delivery. */
export type Score = {
  score: number
  positive: number
  negative: number
  normalized: number
  /** lies forward of an observed element (of itself only where a circle leads back) */
  forward: boolean
  /** lies backward of an observed element */
  backward: boolean
}

export type ScoreAnswer = {
  /** by station id; a group by its own id; all of them, unless `sparse` was asked for */
  stations: {
    [key: string]: Score
  }
  deliveries: {
    [key: string]: Score
  }
  /** 共同环节: what every positive case is or goes back to */
  common: CommonLinks
  /** elements with a positive weight */
  cases: number
}

/** Marks that are not kept yet; left out altogether, those of the case hold. */
export type ScoreAsk = {
  stations?: {
    [key: string]: Mark
  } | null
  deliveries?: {
    [key: string]: Mark
  } | null
  groups?: MarkGroup[] | null
  enforce_temporal_order?: boolean | null
  view?: View
  /** leaves out what has neither a score nor lies forward or backward of the observed: on a large network nearly all */
  sparse?: boolean
}

export type SeatView = {
  person: PersonView
  /** By 加签. */
  added: boolean
  /** 委派 */
  delegate?: PersonView | null
  signed: boolean
}

export type SecondInput = {
  name: string
  password: string
}

/** A part of the dossier that another room brings: lines of label, value and the list behind it. */
export type Section = {
  code: string
  title: string
  lines: SectionLine[]
}

export type SectionLine = {
  label: string
  value: string
  /** Path in the console; empty where there is no list behind the value. */
  link: string
}

/** Where a case starts. Everything named is taken together. */
export type Seeds = {
  /** lot numbers */
  lots?: number[]
  /** trace codes, business codes, GS1 links, GTINs, batch or lot numbers, one an entry */
  codes?: string[]
  /** the same as pasted: one or more a line */
  text?: string
  /** product ids */
  products?: string[]
  /** business ids */
  parties?: string[]
  /** networks of an incident that were imported into the ledger, by id: all their deliveries, with the marks of the file */
  networks?: string[]
  /** cases on the ledger whose starting lots are taken over: to go on after a scope was frozen */
  cases?: string[]
  /** bounds products and businesses: first day, `2026-03-01`; may be empty */
  from?: string
  /** last day, that day included; may be empty */
  to?: string
}

/** Who is signed in, for whom, and what they may do. */
export type Session = {
  user: Person2
  roles: string[]
  permissions: string[]
  /** Division prefixes with their names; empty for people of a business. */
  jurisdiction: Area[]
  /** The business a person of a business acts for; the first of several. */
  party?: PartyOf | null
  /** All businesses the person acts for. */
  businesses: PartyOf[]
  bureau?: BureauOf | null
  /** A demo account. */
  simulated: boolean
  /** What must be done before anything else: password, totp. */
  due?: string | null
  /** Has a second factor that shows codes. */
  totp: boolean
  /** Has passkeys. */
  passkeys: boolean
  /** Taken up again by the phone it was opened on: it only sends. */
  resumed: boolean
  /** The session ends then at the latest, and `idle_minutes` after the last request. */
  until_at: number
  idle_minutes: number
}

/** A place and time of being signed in. */
export type SessionRow = {
  id: string
  user: string
  user_name: string
  created_at: number
  seen_at: number
  /** Ends then at the latest. */
  until_at: number
  address: string
  agent: string
  /** password, totp, passkey: the strongest that was shown */
  factor: string
  /** The one that asks. */
  current: boolean
}

/** `hits` of `n` with the interval that holds the true share in 95 of 100 cases. */
export type Share = {
  n: number
  hits: number
  /** 0 to 1; `null` of nothing. */
  rate?: number | null
  low?: number | null
  high?: number | null
  /** Fewer than [`FEW`]: not to be compared. */
  few: boolean
}

export type SheetDefect = {
  /** `计划!C4` */
  place: string
  message: string
}

/** data/sample-sheet.json */
export type SheetForm = {
  source: string
  sections: SheetSection[]
  /** Kinds of photos. */
  media: Named[]
  /** Photos at least; what is no picture does not count. */
  photos: number
  /** Kinds of which there must be a photo. */
  must: string[]
  /** The same, where it is taken on the spot. */
  site_must: string[]
  /** Kinds of which there must be one, photo or paper, where it was paid for (食品安全法第八十七条: samples are bought). */
  paid_must: string[]
  /** Needed where it was bought over a network. */
  network_fields: string[]
  /** Kinds of which there must be one where it was bought over a network. */
  network_must: string[]
  /** Modes in which an officer goes along where no sampler is one (陪同抽样); our reading, certainty low. */
  escort_modes: string[]
  /** Storage of which the temperature is read at every hand-over. */
  cold: string[]
}

/** A part of a form. */
export type SheetSection = {
  code: string
  name: string
  fields: Field[]
}

/** A photo of a remote survey. */
export type Shot = {
  code: string
  name: string
  hint: string
  when?: Cond | null
}

export type ShotView = {
  code: string
  name: string
  hint: string
  /** Photos taken. */
  taken: number
}

export type SignInInput = {
  name: string
  password: string
  /** Code of the second factor, where one is bound. */
  totp?: string | null
}

export type Signatures = {
  officers: OfficerSignature[]
  business?: BusinessSignature | null
  refusal?: Refusal2 | null
}

export type Site = {
  id: string
  name: string
  kind: string
  division: string
  address: string
  lon?: number | null
  lat?: number | null
  datum?: string | null
  accuracy?: number | null
  /** Unknown: in use. */
  closed_at?: number | null
}

export type Sort = 'created' | 'name' | 'division' | 'updated'

/** The spare that came, or was to come, cannot be tested. */
export type SpareUnfit = {
  /** seal, spoilt, expired, short, other */
  found: string
  /** In words. */
  finding: string
}

/** A line of the table. */
export type StatLine = {
  /** What narrows to it. */
  key: string
  name: string
  share: Share
  /** One for each column; `null` where nothing was tested. */
  cells: (Share | null)[]
}

/** A sample behind a figure. */
export type StatSample = {
  id: string
  sample_no: string
  food: string
  category: string
  stage: string
  party: string
  party_name: string
  division: string
  division_name: string
  lab: string
  lab_name: string
  taken_at?: number | null
  issued_at?: number | null
  /** conforms, fails */
  verdict: string
  overturned: boolean
  /** Items that fail, apart by 、 */
  failing: string
  simulated: boolean
}

/** Where the ledger stands. */
export type State = {
  /** Name of the log, as its checkpoints have it. */
  origin: string
  /** Public key for checking checkpoints and proofs offline. */
  key: string
  /** Leaves under the latest checkpoint. */
  size: number
  /** When it was made, ms UTC; `null` while there is none. */
  checkpoint_at?: number | null
  /** Leaves that wait for the next checkpoint. */
  waiting: number
}

/** The statistics of a place. */
export type Statistics = {
  division: string
  name: string
  /** The division above that the asker may see; empty at the top. */
  above: string
  /** First and last day. */
  from: string
  to: string
  /** The period it is compared with. */
  before_from: string
  before_to: string
  year_from: string
  year_to: string
  /** Day of the first record there is of this place; empty where there is none. */
  since: string
  kinds: KindName[]
  total: Line3
  /** Parts of the division, or its businesses with cases at the lowest level. */
  rows: Line3[]
  /** Kinds that have more than in the period before, by the rule beside. */
  rising: string[]
  rising_rule: string
  counts: Counted2[]
}

/** What a business is doing. */
export type Status = 'active' | 'suspended' | 'closed' | 'revoked'

/** Who had a task, from when until when. */
export type Stay = {
  task: number
  name: string
  /** Empty: nobody had claimed it. */
  user: string
  user_name: string
  from: number
  /** `null`: still. */
  until?: number | null
}

/** An entry of the log. */
export type Step = {
  seq: number
  /** Recorded, ms UTC. */
  at: number
  /** Happened; earlier where it was recorded later (补录、离线). */
  occurred_at: number
  /** Empty for the house itself. */
  user: string
  user_name: string
  action: string
  /** Chinese. */
  name: string
  note: string
  form: unknown
  /** What its form said, as people read it. */
  said: Said[]
  /** The status after it. */
  status: string
  status_name: string
  /** What came of it, sentence by sentence, Chinese. */
  told: string[]
  /** Hash of the entry, as the ledger has it. */
  hash: string
}

/** Fields that are filled in together. */
export type Step2 = {
  code: string
  name: string
  when?: Cond | null
  fields: Field2[]
}

/** A step and its clock. */
export type StepLine = {
  /** take, deliver, report, tell, serve, admit, draw_lab, hand_spare, recheck_report, accept_objection, review, accept_sampling, review_sampling, dispose */
  step: string
  name: string
  /** The clock in words: `5 个工作日` */
  limit: string
  statute: string
  /** Steps that ended in the period. */
  n: number
  /** Of all that ended, ms; `null` of none. */
  half?: number | null
  ninety?: number | null
  longest?: number | null
  /** Ended before their clock ran out, and after; those without a clock are in neither. */
  in_time: number
  late: number
  /** Not ended, and the clock has run out. */
  overdue: number
}

/** What went with one step of a batch. */
export type StepPapers = {
  event: number
  kind: string
  /** business date, may be partial or empty */
  at: string
  papers: Papers
}

/** data/disposal-streams.json */
export type StreamForms = {
  source: string
  sides: Named[]
  streams: SheetSection[]
}

/** What was handed in. */
export type Submission = {
  id: string
  form: string
  form_version: number
  /** SHA-256 of the bytes as they came. */
  file: string
  size: number
  user_name: string
  received_at: number
  /** How many faults it had. */
  defects: number
}

/** To be told of reports of a place, or no more. */
export type Subscribe = {
  template: string
  division: string
  on: boolean
}

/** Whether one is told. */
export type Subscribed = {
  on: boolean
}

/** A subscription as its owner sees it. */
export type SubscriptionView = {
  subscriptionID: string
  queryName: string
  dest: string
  /** Whether deliveries are signed. */
  signed: boolean
  createdAt: string
  stream?: boolean | null
  schedule?: Schedule | null
  reportIfEmpty: boolean
  initialRecordTime?: string | null
  /** active, paused */
  state: string
  /** Last failure, or why it is paused; Chinese. */
  note: string
  /** Deliveries acknowledged. */
  acknowledged: number
  /** Whether a delivery is under way that was not acknowledged yet. */
  underWay: boolean
  /** Failures in a row. */
  failures: number
  lastDeliveredAt?: string | null
  nextAt: string
}

/** Sums of one unit, in base units, of what is known; how many lots are not known stands beside. */
export type Sums = {
  /** g, ml, pc */
  unit: string
  lots: number
  /** accepted from others, and made or begun here */
  received: number
  made: number
  shipped: number
  used: number
  sold: number
  lost: number
  destroyed: number
  on_hand: number
  /** on its way to the business, not accepted yet */
  on_way: number
  unaccounted: number
  /** lots whose amount, stock or balance is unknown */
  unknown_amount: number
  unknown_on_hand: number
  unknown_unaccounted: number
}

export type Suspicion = {
  /** Why it is checked. */
  what: string
}

/** A line of the list. */
export type SuspicionRow = {
  id: string
  code: string
  /** places, many, sold_out, voided, recalled, expired, unknown */
  rule: string
  product: string
  batch: string
  party: string
  division: string
  detail: string
  scans: number
  first_at: number
  last_at: number
  checked_at?: number | null
  checked_by: string
  checked_note: string
}

/** Go on with a platform, or pause it. */
export type Switch = {
  active: boolean
}

/** A section as it was made. */
export type Table = {
  title: string
  /** How it is counted, what is left out. */
  note: string
  columns: Column[]
  rows: Cell[][]
  /** Said where there is no row. */
  empty: string
}

/** How a case is looked at. */
export type TableAsk = {
  /** a frozen scope of the case instead of the ledger as it is now; its own filters then hold */
  scope?: string | null
  /** lots to start from instead of those of the case */
  seeds?: number[] | null
  direction?: Direction
  /** first and last day of the event that made a lot; an unknown date counts as possible */
  from?: string | null
  until?: string | null
  /** 业态 of the holders */
  kinds?: string[]
  /** prefixes of the holders' divisions */
  divisions?: string[]
  /** most steps from the start */
  distance?: number | null
  /** part of a product's, business's or batch's name */
  q?: string | null
  /** only what is at, comes from or goes to this business */
  party?: string | null
  /** a column of the table, `-` before it for the largest first; businesses and moves also by `score`, as marked */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** What a move takes from. */
export type Take = {
  lot: number
  /** Base units; all that is left where it is not said. */
  amount?: number | null
}

/** A proposal is taken: into a plan, or as a task; one of the two. */
export type TakeSampleTarget = {
  reason?: string
  /** The plan whose cell takes it; the cell is made where there is none. */
  plan?: string
  /** Batches; those that are proposed where it is not said. */
  batches?: number | null
  /** The task; its food stands in the tree where the proposal says, or below. */
  task?: NewSample | null
}

/** What became of one test of a batch. */
export type Taken = {
  index: number
  key: string
  /** Empty where it was refused. */
  id: string
  number: string
  /** It had gone in before. */
  repeated: boolean
  /** Case of a positive one; empty for none. */
  case_id: string
  /** Why it did not go in; empty where it did. */
  code: string
  message: string
  /** Where: `card/expires`. */
  field: string
}

/** One holder's task. */
export type Task = {
  recall: string
  party: string
  no: number
  name: string
  code: string
  kind: string
  division: string
  lon?: number | null
  lat?: number | null
  /** Certainly of the batch; else possibly. */
  certain: boolean
  /** 通知书文号 */
  number: string
  issued_at: number
  due_at: number
  seen_at?: number | null
  reported_at?: number | null
  changed_at?: number | null
  /** open, reported, settled */
  state: string
}

/** What may be claimed of a task. */
export type TaskCount = {
  kind: string
  kind_name: string
  /** Code of the task. */
  code: string
  name: string
  count: number
}

export type TaskQuery = {
  /** Name or code of the business. */
  q?: string | null
  /** open, late, reported, settled, unaccounted (and not accepted) */
  state?: string | null
  /** 1 certain, 0 possible */
  certain?: number | null
  division?: string | null
  /** no, due, open, reported */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type TaskQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: TaskQuery
}

/** A task in a list, with the sums of its lines in the recall's own unit. */
export type TaskRow = {
  recall: string
  party: string
  no: number
  name: string
  code: string
  kind: string
  division: string
  lon?: number | null
  lat?: number | null
  /** Certainly of the batch; else possibly. */
  certain: boolean
  /** 通知书文号 */
  number: string
  issued_at: number
  due_at: number
  seen_at?: number | null
  reported_at?: number | null
  changed_at?: number | null
  /** open, reported, settled */
  state: string
  /** What it answers for. */
  due: number
  on_hand?: number | null
  sold?: number | null
  /** Destroyed and mended. */
  disposed?: number | null
  returned?: number | null
  /** 去向不明; of what was reported. */
  open?: number | null
  /** Of that: explained, and accepted by an officer. */
  accepted: number
}

export type TaskView = {
  no: number
  code: string
  name: string
  /** any 或签, all 会签 */
  mode: Mode
  opened_at: number
  urged_at?: number | null
  /** Empty: whoever may claims it. */
  seats: SeatView[]
  /** The asker has it in hand. */
  mine: boolean
  /** The asker may claim it. */
  claimable: boolean
}

/** What there is to be made. */
export type TemplateView = {
  code: string
  name: string
  /** week, month, year */
  period: Unit2
  /** In words: when it is made, and for whom. */
  schedule: string
  source: string
  sections: string[]
  /** First and last day of the last period that is over. */
  last_first: string
  last_last: string
  /** Places that the asker is told of. */
  subscribed: Place2[]
}

/** The period of one of the case's clocks. */
export type Term = {
  code: string
  period: Period
  source: string
  certainty: string
}

/** How long something of a kind is shown, and by when it must be. */
export type Term2 = {
  kind: string
  name: string
  /** Counted from the day the result was formed. */
  after: Period
  /** 0: as long as it stands */
  months: number
  /** statute, unconfirmed, setting */
  certainty: string
  source: string
  article: string
}

/** A test. */
export type Test = {
  id: string
  number: string
  point: string
  point_name?: string
  division: string
  party: string
  party_name?: string
  stall: string
  /** A person's name is masked. */
  vendor: string
  food: string
  goods: string
  product: string
  lot?: number | null
  trace_code: string
  source_place: string
  item: string
  method: string
  device: string
  card_maker: string
  card_batch: string
  card_expires: string
  result: string
  value: string
  unit: string
  tester: string
  tester_name: string
  official: boolean
  tested_at: number
  received_at: number
  channel: string
  again: string
  case_id: string
  hash: string
  simulated: boolean
}

/** Which tests are wanted. */
export type TestQuery = {
  q?: string | null
  point?: string | null
  party?: string | null
  division?: string | null
  item?: string | null
  food?: string | null
  /** negative, positive, suspect, invalid */
  result?: string | null
  /** First day. */
  from?: string | null
  /** Last day. */
  to?: string | null
  /** form, http, device, xlsx */
  channel?: string | null
  /** tested_at, number, food, stall; `-` before it: from the end. The newest first where it is not said. */
  sort?: string | null
  page?: number | null
  size?: number | null
}

/** A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx. */
export type TestQueryExport = {
  format?: Format
  /** The query of the list. */
  list?: TestQuery
}

/** A result as it was entered. */
export type TestResult = {
  item: string
  method: string
  /** As written: `0.55`, `<10`, `未检出`, `12;35;8;110;20`. */
  result: string
  unit?: string
  /** Decimal; that of the accreditation where it is empty. */
  lod?: string
  /** The reading of an instrument that it was signed from; the latest of the item where it is empty and there is one. */
  reading?: string
  /** Why it is not what was read. */
  note?: string
}

/** A test with all that belongs to it. */
export type TestView = {
  test: Test
  /** Empty: by eye. */
  device_name: string
  /** The test of which this is the second one. */
  first?: Test | null
  photos: Photo[]
  /** Its course, where it was positive or suspect. */
  positive?: PositiveView | null
  /** Whether the asker may add photos, and say a second test. */
  may_record: boolean
}

/** An open task in the list of what is to be done. */
export type Todo = {
  case: string
  kind: string
  kind_name: string
  number: string
  title: string
  division: string
  status: string
  status_name: string
  /** `,a,b,` */
  flags: string
  task: number
  /** Code of the task. */
  code: string
  /** Name of the task. */
  name: string
  /** The asker has it; else it may be claimed. */
  mine: boolean
  opened_at: number
  next_due?: number | null
  /** Escalations so far: above 0 it was late before. */
  level: number
  simulated: boolean
}

/** Where it all is, as reported, in base units. */
export type Told = {
  /** 现存（已封存） */
  on_hand: number
  /** 已售给消费者，未追回 */
  sold: number
  /** 已销毁 */
  destroyed: number
  /** 已补救 */
  remedied?: number
  /** 已退回生产者 */
  returned: number
}

/** That a follower was told of a recall. */
export type ToldOf = {
  /** page 自己的查询页, notice 站内消息, sms 短信等渠道, phone 电话 */
  how: string
  at: number
  /** Empty: the house. */
  user_name: string
  note: string
}

export type TotpInput = {
  totp: string
  /** Code of the factor bound so far, where there is one. */
  old_totp?: string | null
}

/** A recall or a hold that touches a member. */
export type Touched = {
  /** recall 召回, hold 暂停流转 */
  kind: string
  number: string
  who: Who
  food: string
  batch: string
  what: string
  /** Days in China. */
  since: string
  /** Last day in time; empty without a clock. */
  due: string
}

/** A recall or a failed result as it touches a lot, as officers and holders are told. */
export type Touching = {
  /** id of the notice */
  id: string
  /** recall, failure */
  kind: NoticeKind
  /** 召回级别 1, 2, 3 */
  grade?: number | null
  reason: string
  issuer: string
  since: number
  /** What is recalled or failed. */
  food: string
  batch: string
  /** The lot with which that batch began; none where it is of every batch or of a batch number. */
  lot?: number | null
  /** The lot is of that batch or was made of it; otherwise it only may be, since product and batch number are the same. */
  certain: boolean
  /** It is that food itself, not something made of it. */
  own: boolean
}

/** A file of a product or lot. */
export type TraceFile = {
  id: string
  product: string
  lot?: number | null
  /** licence, label, picture, test_report, certificate */
  kind: string
  title: string
  hash: string
  media: string
  /** bytes */
  size: number
  /** of a report: pass, fail, or empty */
  conclusion: string
  number: string
  /** day, may be empty */
  issued: string
  public: boolean
  created_at: number
}

export type UndoMerge = {
  reason: string
}

/** The base unit a product is counted in. */
export type Unit = 'g' | 'ml' | 'pc'

/** How long the period of a report is. */
export type Unit2 = 'week' | 'month' | 'year'

/** How many are not read. */
export type Unread = {
  unread: number
}

/** A line of a pasted list that names nothing the person may start from. */
export type Unresolved = {
  /** from 1 */
  line: number
  text: string
  /** unknown, out_of_scope, check (a wrong check character), batch_many */
  code: string
  message: string
}

/** An update: the business as it is to be, and the change number the writer has seen. */
export type UpdateParty = {
  seq: number
  name: string
  /** 统一社会信用代码, where it has one. */
  uscc?: string | null
  /** 业态, a code of data/business-kinds.csv. */
  kind: string
  /** 6, 9 or 12 digits. */
  division: string
  address?: string
  position?: Position | null
  /** 经营项目, codes of data/trade-items.csv. */
  items?: string[]
  licences?: NewLicence[]
  /** Left out in an update: they stay as they are (their data is not shown to everybody who may update). */
  people?: NewPerson[] | null
  note?: string
}

/** An upload of the person who asks. */
export type Upload = {
  id: string
  /** File name as it was told; may be empty. */
  name: string
  /** Media type as it was told; may be empty. */
  media: string
  /** Bytes in all. */
  size: number
  /** Bytes that are kept: where to go on. */
  offset: number
  /** All bytes are there; an import takes it by its id. */
  done: boolean
  /** An import has taken it. */
  used: boolean
  created_at: number
  /** Gone after this. */
  expires_at: number
}

/** What one has sent, and how much more may be. */
export type Uploading = {
  /** Newest first. */
  items: Upload[]
  /** Bytes that one upload may have. */
  most: number
  /** Bytes that all uploads of a person may have that no import has taken yet. */
  quota: number
  /** Bytes of those there are. */
  reserved: number
}

/** A user in a list or by itself. The phone is masked but in the answer to an audited look. */
export type User = {
  id: string
  name: string
  full_name: string
  phone: string
  /** active, locked, disabled */
  state: string
  locked_until?: number | null
  /** Has a second factor that shows codes. */
  totp: boolean
  /** Passkeys that are bound. */
  passkeys: number
  must_change: boolean
  /** Last sign-in. */
  last_seen?: number | null
  bureau?: string | null
  bureau_name?: string | null
  party?: string | null
  party_name?: string | null
  division: string
  /** Held now. */
  posts: PostName[]
  roles: string[]
  simulated: boolean
}

/** A user to be made; belongs to a bureau or to a business. */
export type UserInput = {
  /** Sign-in name; kept as it is when a user is changed. */
  name: string
  full_name: string
  /** Empty for unknown. */
  phone?: string
  bureau?: string | null
  party?: string | null
}

/** A set of rules for some part of the country. */
export type Variant = {
  variant: string
  name: string
  /** What holds where the variant says nothing; empty for the first. */
  base: string
  /** Prefix of the divisions in which it holds; empty for all. */
  division: string
  /** yearly, monthly: how often everything is graded anew. */
  run: string
  /** Most points that the static factors count together, the dynamic ones, and those of credit. */
  static_most?: number
  dynamic_most?: number
  credit_most?: number
  certainty: string
  source: string
  article: string
  effective_from: string
  effective_to: string
}

/** The last check of the chain. */
export type Verdict = {
  /** `null` where nothing was checked yet. */
  last?: Check | null
  /** Who asked for it, by name. */
  by?: string | null
  /** Rows the chain has now. */
  rows_now: number
}

/** How a case is looked at. */
export type View = {
  /** a frozen scope of the case instead of the ledger as it is now; its own filters then hold */
  scope?: string | null
  /** lots to start from instead of those of the case */
  seeds?: number[] | null
  direction?: Direction
  /** first and last day of the event that made a lot; an unknown date counts as possible */
  from?: string | null
  until?: string | null
  /** 业态 of the holders */
  kinds?: string[]
  /** prefixes of the holders' divisions */
  divisions?: string[]
  /** most steps from the start */
  distance?: number | null
}

export type ViewAnswer = {
  /** last event of the ledger that was seen */
  event: number
  counts: Counts2
  /** false where the distance left something out */
  complete: boolean
  totals: Sums[]
  counties: County[]
  timeline: Bin[]
  /** lots whose date is not known to the month */
  undated: number
  /** most lots first */
  stations: Business[]
  /** from business to business, most first */
  deliveries: PairRow[]
  simulated: boolean
}

/** How a case is looked at. */
export type ViewAsk = {
  /** a frozen scope of the case instead of the ledger as it is now; its own filters then hold */
  scope?: string | null
  /** lots to start from instead of those of the case */
  seeds?: number[] | null
  direction?: Direction
  /** first and last day of the event that made a lot; an unknown date counts as possible */
  from?: string | null
  until?: string | null
  /** 业态 of the holders */
  kinds?: string[]
  /** prefixes of the holders' divisions */
  divisions?: string[]
  /** most steps from the start */
  distance?: number | null
  /** businesses and pairs in the answer: 500 where it is not said, at most 5,000 */
  limit?: number | null
}

/** A visit as lists show it. */
export type Visit = {
  /** Also the id of its case. */
  id: string
  /** 检查〔2026〕1号 */
  number: string
  /** On the record: who scans it answers. */
  code: string
  kind: string
  kind_name: string
  party: string
  name: string
  party_kind: string
  address: string
  /** Degrees, WGS-84; of the premises. */
  lon?: number | null
  lat?: number | null
  /** Empty: the business itself. */
  site: string
  division: string
  /** Hash of the version of its checklist. */
  checklist: string
  /** Last day. */
  due: string
  /** First moment at which it is late. */
  due_at: number
  reason: string
  /** Who is sent. */
  officers: Officer[]
  /** Empty: none. */
  draw: string
  /** Empty: none. */
  plan: string
  planned_at: number
  recorded_at?: number | null
  /** 检查记录〔2026〕1号; empty before. */
  record_no: string
  /** no_issue, issue_found; empty before. */
  conclusion: string
  /** onsite_correct, rectify, case */
  handling: string[]
  /** Items that do not hold. */
  bad: number
  publish_by?: number | null
  published_at?: number | null
  /** planned, on_site, recorded, reviewing, held, published, cancelled */
  status: string
  /** open, suspended, done, terminated, void */
  phase: string
  level: number
  simulated: boolean
  /** Metres from the stop before, in route order; only in today's list. */
  next_m?: number | null
  /** The case that asked for it: an application for a licence; empty none. */
  about: string
}

/** A kind of inspection (检查类型). */
export type VisitKind = {
  code: string
  name: string
  /** The business is told before. */
  announced: boolean
  /** Every item must be answered. */
  whole: boolean
  /** By video: nobody goes there. */
  remote: boolean
  /** Least number of officers. */
  officers: number
  /** 监督检查, 许可, 农产品五查, 远程 */
  family: string
  source: string
  /** statute, H, practice */
  certainty: string
  /** Kind of its case: `inspection` 监督检查: what is found is ordered to be mended and the result is published; `site_check` 现场核查: the record goes to whoever asked for it, and that is all. */
  flow: string
}

/** A photo, video, voice or signature of a visit. */
export type VisitPhoto = {
  visit: string
  sha256: string
  media: string
  size: number
  item: string
  user: string
  user_name: string
  taken_at?: number | null
  received_at: number
  lon?: number | null
  lat?: number | null
  accuracy?: number | null
  /** Metres from the business. */
  distance?: number | null
  in_app: boolean
  /** reused, far, no_place, clock, album, edited, unread */
  doubts: string[]
  /** SHA-256 of all of it, a fact of the ledger. */
  hash: string
  /** Where it was shown before: `visit:ID`, `finding:ID`; empty nowhere. */
  reused: string
  /** The number of that: 检查〔2026〕1号, 问题〔2026〕9号; empty nowhere. */
  reused_number: string
}

/** A visit with all that belongs to it. */
export type VisitView = {
  visit: Visit
  kind_of: VisitKind
  checklist_name: string
  checklist_version: number
  /** `None` before it was handed in. */
  record?: RecordView | null
  findings: FoundView[]
  /** Findings that go on. */
  open_findings: number
  /** 监督抽考 */
  exams: ExamView[]
  /** Where the business answers. */
  answer_url: string
}

/** A recall that goes on, as an officer of a place where some of it lies sees it. */
export type Visits = {
  id: string
  number: string
  grade: number
  food: string
  batch: string
  party_name: string
  reason: string
  on_the_spot: boolean
  unit: string
  simulated: boolean
  /** Holders in the asker's jurisdiction, and those of them that have not reported. */
  holders: number
  waiting: number
  /** First moment at which one of these is late. */
  due_at?: number | null
  /** The holders; in the answer for one recall only. */
  tasks: TaskRow[]
}

export type VoidForm = {
  reason: string
}

/** What an investigation found. */
export type Wanted = {
  /** A lot that the investigation reached. */
  lot: number
  /** 1, 2, 3 */
  grade: number
  /** safety, label, illegal, carcass, spoilt */
  cause: string
  /** For the public, at most 400 characters. */
  reason: string
}

/** Something to look at again that did not stop the write. */
export type Warning = {
  field: string
  code: string
  message: string
}

/** What an officer saw of a disposal. */
export type Watched = {
  /** It was done; else it is sent back. */
  done: boolean
  /** When it was watched, ms UTC, where it is sent later (no network): between the announcement and now. None: now. */
  at?: number | null
  opinion: string
  proof?: string[]
}

/** A week of the trend. */
export type Week = {
  /** `2026-W10` */
  week: string
  share: Share
}

/** A weight of data/credit/ranking.csv, for platforms. */
export type Weight = {
  code: string
  name: string
  weight: number
  certainty: string
  source: string
}

/** Which cases of a [`Tally`]. */
export type What = 'opened' | 'before' | 'year_before' | 'ended' | 'open' | 'due' | 'late'

/** A member of it. */
export type Who = {
  code: string
  /** Masked where it is like a person's. */
  name: string
  /** 摊位号, 门店号; empty: not said */
  place: string
}

export type Why = {
  /** 5 to 500 characters */
  reason: string
}

/** When an extension of the term may be applied for, counted back from its end. */
export type Window = {
  /** Not before; `null`: at any time. */
  open?: Period | null
  /** Not after, to be in time. */
  shut: Period
  /** What being late means: pause (stop at the end of the term until granted), note. */
  late: string
  /** The business is reminded from then on. */
  remind: Period
  source: string
  certainty: string
}

/** A wish in own words. */
export type Wish = {
  county: string
  wish: string
  day: string
}

/** What a write answers: the business as it is now, and what to look at again. */
export type Written = {
  party: Party
  warnings: Warning[]
}

/** An event that was declared wrong: number and public id. */
export type Wrong = {
  event: number
  id: string
}

export interface ApiContract {
  /** 扫码：物流单元（SSCC） */
  'GET /00/{sscc}': {
    path: { sscc: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：商品条码 */
  'GET /01/{gtin}': {
    path: { gtin: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：商品条码和批号 */
  'GET /01/{gtin}/10/{batch}': {
    path: { gtin: string; batch: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：商品条码、批号和序列号 */
  'GET /01/{gtin}/10/{batch}/21/{serial}': {
    path: { gtin: string; batch: string; serial: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 批次的公开文件（商品条码） */
  'GET /01/{gtin}/10/{batch}/files/{id}': {
    path: { gtin: string; batch: string; id: string }
    query: { from?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：商品条码和序列号 */
  'GET /01/{gtin}/21/{serial}': {
    path: { gtin: string; serial: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：地点（GLN） */
  'GET /414/{gln}': {
    path: { gln: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：地点（GLN 与扩展） */
  'GET /414/{gln}/254/{extension}': {
    path: { gln: string; extension: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：主体（GLN） */
  'GET /417/{gln}': {
    path: { gln: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 这是什么系统 */
  'GET /api/about': {
    path: undefined
    query: undefined
    body: undefined
    answer: About
  }
  /** 本机构的盲样 */
  'GET /api/assays': {
    path: undefined
    query: { q?: string | null; status?: string | null; step?: string | null; mine?: number | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page
  }
  /** 本机构待办的盲样 */
  'GET /api/assays/desk': {
    path: undefined
    query: undefined
    body: undefined
    answer: AssayDesk
  }
  /** 提交过的仪器读数 */
  'GET /api/assays/runs': {
    path: undefined
    query: undefined
    body: undefined
    answer: AssayRun[]
  }
  /** 程序提交读数 */
  'POST /api/assays/runs': {
    path: undefined
    query: undefined
    body: NewAssayReadings
    answer: SampleImport
  }
  /** 提交仪器文件 */
  'POST /api/assays/runs/file': {
    path: undefined
    query: { shape: string }
    body: undefined
    answer: SampleImport
  }
  /** 未能对上的读数 */
  'GET /api/assays/runs/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 盲样 */
  'GET /api/assays/{blind}': {
    path: { blind: string }
    query: undefined
    body: undefined
    answer: Assay
  }
  /** 收样（收方签字） */
  'POST /api/assays/{blind}/accept': {
    path: { blind: string }
    query: undefined
    body: SampleOver
    answer: Assay
  }
  /** 指派检验人员 */
  'POST /api/assays/{blind}/assign': {
    path: { blind: string }
    query: undefined
    body: AssayAssignment
    answer: undefined
  }
  /** 校核退回 */
  'POST /api/assays/{blind}/back': {
    path: { blind: string }
    query: undefined
    body: AssayReason
    answer: Assay
  }
  /** 声明更正 */
  'POST /api/assays/{blind}/corrections': {
    path: { blind: string }
    query: undefined
    body: NewResultCorrection
    answer: Assay
  }
  /** 签发检验报告 */
  'POST /api/assays/{blind}/issue': {
    path: { blind: string }
    query: undefined
    body: ReportIssue
    answer: Assay
  }
  /** 移交样品（交方签字） */
  'POST /api/assays/{blind}/offers': {
    path: { blind: string }
    query: undefined
    body: SampleOffer
    answer: Assay
  }
  /** 签收备样 */
  'POST /api/assays/{blind}/receive': {
    path: { blind: string }
    query: undefined
    body: SampleOver
    answer: Assay
  }
  /** 拒收样品 */
  'POST /api/assays/{blind}/reject': {
    path: { blind: string }
    query: undefined
    body: AssayReason
    answer: Assay
  }
  /** 录入检验结果 */
  'POST /api/assays/{blind}/results': {
    path: { blind: string }
    query: undefined
    body: AssayResults
    answer: Assay
  }
  /** 读入检验结果表格 */
  'POST /api/assays/{blind}/results/read': {
    path: { blind: string }
    query: undefined
    body: undefined
    answer: ResultSheet
  }
  /** 以表格录入检验结果 */
  'POST /api/assays/{blind}/results/sheet': {
    path: { blind: string }
    query: undefined
    body: undefined
    answer: Assay
  }
  /** 盲样各环节由谁办理 */
  'GET /api/assays/{blind}/steps': {
    path: { blind: string }
    query: undefined
    body: undefined
    answer: AssaySteps
  }
  /** 报告备样不能检验 */
  'POST /api/assays/{blind}/unfit': {
    path: { blind: string }
    query: undefined
    body: SpareUnfit
    answer: Assay
  }
  /** 校核 */
  'POST /api/assays/{blind}/verify': {
    path: { blind: string }
    query: undefined
    body: undefined
    answer: Assay
  }
  /** 审计日志 */
  'GET /api/audit': {
    path: undefined
    query: { q?: string | null; actor?: string | null; action?: string | null; target?: string | null; outcome?: string | null; at_from?: string | null; at_to?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page2
  }
  /** 审计事项的名称 */
  'GET /api/audit/actions': {
    path: undefined
    query: undefined
    body: undefined
    answer: AuditAction[]
  }
  /** 导出审计日志 */
  'POST /api/audit/exports': {
    path: undefined
    query: undefined
    body: AuditQueryExport
    answer: Queued
  }
  /** 审计日志文件 */
  'GET /api/audit/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 最近一次审计链校验 */
  'GET /api/audit/verify': {
    path: undefined
    query: undefined
    body: undefined
    answer: Verdict
  }
  /** 校验审计链 */
  'POST /api/audit/verify': {
    path: undefined
    query: undefined
    body: undefined
    answer: Queued
  }
  /** 机构（以 parent 成树） */
  'GET /api/bureaus': {
    path: undefined
    query: { q?: string | null; parent?: string | null; bureau?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page3
  }
  /** 新建机构 */
  'POST /api/bureaus': {
    path: undefined
    query: undefined
    body: BureauInput
    answer: Made
  }
  /** 机构改名 */
  'PUT /api/bureaus/{id}': {
    path: { id: string }
    query: undefined
    body: NameInput
    answer: undefined
  }
  /** 节假日历：已公布的年份和一年的放假、上班安排 */
  'GET /api/calendar': {
    path: undefined
    query: { year?: number | null }
    body: undefined
    answer: CalendarYear
  }
  /** 导入节假日安排（CSV） */
  'POST /api/calendar': {
    path: undefined
    query: undefined
    body: undefined
    answer: LoadedYears
  }
  /** 你点我检活动 */
  'GET /api/campaigns': {
    path: undefined
    query: { q?: string | null; state?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page4
  }
  /** 策划一次你点我检 */
  'POST /api/campaigns': {
    path: undefined
    query: undefined
    body: NewCampaign
    answer: Campaign
  }
  /** 导出你点我检活动 */
  'POST /api/campaigns/exports': {
    path: undefined
    query: undefined
    body: CampaignQueryExport
    answer: Queued2
  }
  /** 导出的你点我检活动 */
  'GET /api/campaigns/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 一次你点我检 */
  'GET /api/campaigns/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: CampaignDetail
  }
  /** 修改未发布的活动 */
  'PUT /api/campaigns/{id}': {
    path: { id: string }
    query: undefined
    body: NewCampaign
    answer: Campaign
  }
  /** 抽样批次 */
  'GET /api/campaigns/{id}/batches': {
    path: { id: string }
    query: { state?: string | null; food?: string | null; county?: string | null; q?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page5
  }
  /** 提前截止征集 */
  'POST /api/campaigns/{id}/close': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Campaign
  }
  /** 承诺抽样批次的名单与种子 */
  'POST /api/campaigns/{id}/draw': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: KeptDraw
  }
  /** 抽取抽样批次 */
  'POST /api/campaigns/{id}/draw/run': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Campaign
  }
  /** 结束活动、寄出结果 */
  'POST /api/campaigns/{id}/end': {
    path: { id: string }
    query: undefined
    body: CampaignEnd
    answer: Campaign
  }
  /** 待寄出的结果（号码打码） */
  'GET /api/campaigns/{id}/letters': {
    path: { id: string }
    query: { page?: number | null; size?: number | null }
    body: undefined
    answer: Page6
  }
  /** 取走待寄出的结果 */
  'POST /api/campaigns/{id}/letters/take': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: CampaignPost[]
  }
  /** 发布规则、开始征集 */
  'POST /api/campaigns/{id}/publish': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Campaign
  }
  /** 派发抽样任务 */
  'POST /api/campaigns/{id}/tasks': {
    path: { id: string }
    query: undefined
    body: CampaignTasks
    answer: CampaignTasksMade
  }
  /** 群众写下的心愿 */
  'GET /api/campaigns/{id}/wishes': {
    path: { id: string }
    query: { page?: number | null; size?: number | null }
    body: undefined
    answer: Page7
  }
  /** 待办任务 */
  'GET /api/cases/todo': {
    path: undefined
    query: { kind?: string | null; claimable?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page8
  }
  /** 待办与待领取的件数 */
  'GET /api/cases/todo/counts': {
    path: undefined
    query: undefined
    body: undefined
    answer: Counts
  }
  /** 案卷 */
  'GET /api/cases/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: CaseView
  }
  /** 办理案卷 */
  'POST /api/cases/{id}/acts': {
    path: { id: string }
    query: undefined
    body: Ask
    answer: CaseView
  }
  /** 案卷文书（PDF） */
  'GET /api/cases/{id}/documents/{number}': {
    path: { id: string; number: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 案卷办理经过 */
  'GET /api/cases/{id}/history': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: History
  }
  /** 可以办理的人员 */
  'GET /api/cases/{id}/people': {
    path: { id: string }
    query: { task?: number | null; field?: string | null; q?: string | null }
    body: undefined
    answer: Near[]
  }
  /** 检查要点表 */
  'GET /api/checklists': {
    path: undefined
    query: undefined
    body: undefined
    answer: ChecklistHead[]
  }
  /** 导入检查要点表（XLSForm 工作簿） */
  'POST /api/checklists': {
    path: undefined
    query: undefined
    body: undefined
    answer: ChecklistHead
  }
  /** 一版检查要点表 */
  'GET /api/checklists/{hash}': {
    path: { hash: string }
    query: undefined
    body: undefined
    answer: Checklist
  }
  /** 检查要点表（XLSForm 工作簿） */
  'GET /api/checklists/{hash}/xlsform': {
    path: { hash: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 本企业的人员 */
  'GET /api/clerks': {
    path: undefined
    query: { q?: string | null; state?: string | null; role?: string | null; bureau?: string | null; party?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page9
  }
  /** 新建录入员 */
  'POST /api/clerks': {
    path: undefined
    query: undefined
    body: ClerkInput
    answer: NewPassword
  }
  /** 停用录入员 */
  'POST /api/clerks/{id}/disable': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 启用录入员 */
  'POST /api/clerks/{id}/enable': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 重置录入员密码 */
  'POST /api/clerks/{id}/password': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: NewPassword
  }
  /** 扫到的码在工作台中是什么 */
  'GET /api/codes/{code}': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: Lead
  }
  /** 码的二维码（SVG） */
  'GET /api/codes/{code}/qr.svg': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 推送给平台的信用记录（已签名） */
  'GET /api/credit/feed': {
    path: undefined
    query: { after?: number | null }
    body: undefined
    answer: Feed
  }
  /** 各平台读到哪里 */
  'GET /api/credit/feed/readers': {
    path: undefined
    query: undefined
    body: undefined
    answer: Reader[]
  }
  /** 平台回执 */
  'POST /api/credit/feed/receipts': {
    path: undefined
    query: undefined
    body: Receipt
    answer: Reader
  }
  /** 列入严重违法失信名单的事由 */
  'GET /api/credit/grounds': {
    path: undefined
    query: undefined
    body: undefined
    answer: Ground[]
  }
  /** 红名单和严重违法失信名单 */
  'GET /api/credit/lists': {
    path: undefined
    query: { list?: string | null; state?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page10
  }
  /** 激励与惩戒建议 */
  'GET /api/credit/measures': {
    path: undefined
    query: { decided?: number | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page11
  }
  /** 确认激励或惩戒建议 */
  'POST /api/credit/measures/{id}/decide': {
    path: { id: string }
    query: undefined
    body: Decision
    answer: Proposal
  }
  /** 推送平台 */
  'GET /api/credit/platforms': {
    path: undefined
    query: undefined
    body: undefined
    answer: Platform[]
  }
  /** 登记推送平台 */
  'POST /api/credit/platforms': {
    path: undefined
    query: undefined
    body: NewPlatform
    answer: Platform
  }
  /** 删除推送平台 */
  'DELETE /api/credit/platforms/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 推送记录 */
  'GET /api/credit/platforms/{id}/deliveries': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: PlatformDelivery[]
  }
  /** 恢复或暂停推送 */
  'POST /api/credit/platforms/{id}/switch': {
    path: { id: string }
    query: undefined
    body: Switch
    answer: Platform
  }
  /** 提出列入严重违法失信名单 */
  'POST /api/credit/serious': {
    path: undefined
    query: undefined
    body: NewSerious
    answer: Begun
  }
  /** 核查处置的七条工作线 */
  'GET /api/disposal-streams': {
    path: undefined
    query: undefined
    body: undefined
    answer: StreamForms
  }
  /** 已导入的区划变更 */
  'GET /api/division-changes': {
    path: undefined
    query: undefined
    body: undefined
    answer: DivisionChange[]
  }
  /** 导入区划变更清单 */
  'POST /api/division-changes': {
    path: undefined
    query: undefined
    body: undefined
    answer: DivisionPlan
  }
  /** 导入区划变更：预览 */
  'POST /api/division-changes/preview': {
    path: undefined
    query: undefined
    body: undefined
    answer: DivisionPlan
  }
  /** 区划变更清单模板 */
  'GET /api/division-changes/template': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 核验文书真伪 */
  'GET /api/documents/{code}': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: Genuine
  }
  /** 双随机抽取 */
  'GET /api/draws': {
    path: undefined
    query: { q?: string | null; state?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page12
  }
  /** 承诺一次双随机抽取 */
  'POST /api/draws': {
    path: undefined
    query: undefined
    body: NewDraw
    answer: Draw
  }
  /** 导出双随机抽取列表 */
  'POST /api/draws/exports': {
    path: undefined
    query: undefined
    body: DrawQueryExport
    answer: Queued2
  }
  /** 导出的双随机抽取列表 */
  'GET /api/draws/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 一次双随机抽取 */
  'GET /api/draws/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: DrawView
  }
  /** 抽取 */
  'POST /api/draws/{id}/run': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: DrawView
  }
  /** 按抽取结果安排检查 */
  'POST /api/draws/{id}/visits': {
    path: { id: string }
    query: undefined
    body: DueAsk
    answer: DrawVisits
  }
  /** 案件列表 */
  'GET /api/enforcement/cases': {
    path: undefined
    query: { q?: string | null; party?: string | null; kind?: string | null; source?: string | null; status?: string | null; state?: string | null; division?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page13
  }
  /** 登记案件线索 */
  'POST /api/enforcement/cases': {
    path: undefined
    query: undefined
    body: NewEnforcementCase
    answer: EnforcementCase
  }
  /** 案件 */
  'GET /api/enforcement/cases/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: EnforcementCase
  }
  /** 办案程序证明 */
  'GET /api/enforcement/cases/{id}/certificate': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: ProcedureCertificate
  }
  /** 办案程序证明（PDF） */
  'GET /api/enforcement/cases/{id}/certificate.pdf': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 案件证据 */
  'GET /api/enforcement/cases/{id}/evidence': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: CaseEvidence[]
  }
  /** 提交案件证据 */
  'POST /api/enforcement/cases/{id}/evidence': {
    path: { id: string }
    query: { kind: string; title: string; origin: string; camera?: number | null; upload?: string | null }
    body: undefined
    answer: CaseEvidence
  }
  /** 案件证据原件 */
  'GET /api/enforcement/cases/{id}/evidence/{evidence}/file': {
    path: { id: string; evidence: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 审核监控设备收集的证据 */
  'POST /api/enforcement/cases/{id}/evidence/{evidence}/review': {
    path: { id: string; evidence: string }
    query: undefined
    body: NewEvidenceReview
    answer: CaseEvidence
  }
  /** 登记物证（无文件） */
  'POST /api/enforcement/cases/{id}/things': {
    path: { id: string }
    query: undefined
    body: CaseThing
    answer: CaseEvidence
  }
  /** 本单位的案件 */
  'GET /api/enforcement/mine': {
    path: undefined
    query: undefined
    body: undefined
    answer: MyCase[]
  }
  /** 本单位的一个案件 */
  'GET /api/enforcement/mine/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: MyCaseView
  }
  /** 陈述申辩、要求听证、报告缴款、申请延期缴纳 */
  'POST /api/enforcement/mine/{id}/acts': {
    path: { id: string }
    query: undefined
    body: MyAct
    answer: MyCaseView
  }
  /** 提交随陈述申辩等附送的材料 */
  'POST /api/enforcement/mine/{id}/files': {
    path: { id: string }
    query: { upload?: string | null }
    body: undefined
    answer: MyFile
  }
  /** 本单位附送的材料 */
  'GET /api/enforcement/mine/{id}/files/{file}': {
    path: { id: string; file: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 处罚裁量表 */
  'GET /api/enforcement/penalties': {
    path: undefined
    query: undefined
    body: undefined
    answer: PenaltyTables
  }
  /** 处罚幅度计算 */
  'GET /api/enforcement/range': {
    path: undefined
    query: { article: string; goods_value?: number | null; gain?: number | null; circumstances?: string | null; person?: number | null; party?: string | null }
    body: undefined
    answer: PenaltyRange
  }
  /** 我的 EPCIS 订阅 */
  'GET /api/epcis/subscriptions': {
    path: undefined
    query: undefined
    body: undefined
    answer: SubscriptionView[]
  }
  /** 全部流转记录 */
  'GET /api/events': {
    path: undefined
    query: { q?: string | null; party?: string | null; counterpart?: string | null; kind?: string | null; doc_no?: string | null; from?: string | null; until?: string | null; division?: string | null; declared?: number | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page14
  }
  /** 导出流转记录 */
  'POST /api/events/exports': {
    path: undefined
    query: undefined
    body: EventQueryExport
    answer: Queued2
  }
  /** 声明一条记录有误，并登记正确的记录 */
  'POST /api/events/{id}/correction': {
    path: { id: string }
    query: undefined
    body: Declaration
    answer: Declared
  }
  /** 反馈周报列表 */
  'GET /api/feedback': {
    path: undefined
    query: { manager?: string | null; week?: string | null; relation?: string | null; receipt?: string | null; alert?: number | null; all?: number | null; q?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page15
  }
  /** 导出反馈周报列表 */
  'POST /api/feedback/exports': {
    path: undefined
    query: undefined
    body: FileQueryExport
    answer: Queued2
  }
  /** 导出的反馈周报列表 */
  'GET /api/feedback/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 一份反馈周报 */
  'GET /api/feedback/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: FileView
  }
  /** 重新生成反馈周报 */
  'POST /api/feedback/{id}/anew': {
    path: { id: string }
    query: undefined
    body: Anew
    answer: FileRow
  }
  /** 反馈周报文件：签名、JSON 或 XLSX */
  'GET /api/feedback/{id}/file': {
    path: { id: string }
    query: { form?: string | null }
    body: undefined
    answer: undefined
  }
  /** 签收反馈周报 */
  'POST /api/feedback/{id}/receipt': {
    path: { id: string }
    query: undefined
    body: Receipt2
    answer: FileRow
  }
  /** 全局搜索：主体、产品、批次和码 */
  'GET /api/find': {
    path: undefined
    query: { q: string; size?: number | null }
    body: undefined
    answer: Found
  }
  /** 问题列表 */
  'GET /api/findings': {
    path: undefined
    query: { q?: string | null; party?: string | null; kind?: string | null; source?: string | null; severity?: string | null; status?: string | null; state?: string | null; division?: string | null; from?: string | null; to?: string | null; measure?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page16
  }
  /** 登记问题 */
  'POST /api/findings': {
    path: undefined
    query: undefined
    body: NewFinding
    answer: Finding
  }
  /** 扫记录上的码找到问题 */
  'GET /api/findings/code/{code}': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: Finding
  }
  /** 导出问题列表 */
  'POST /api/findings/exports': {
    path: undefined
    query: undefined
    body: FindingQueryExport
    answer: Queued2
  }
  /** 导出的问题列表 */
  'GET /api/findings/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 问题闭环率 */
  'GET /api/findings/rates': {
    path: undefined
    query: { by?: string | null; from?: string | null; to?: string | null }
    body: undefined
    answer: Rate[]
  }
  /** 问题 */
  'GET /api/findings/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Finding
  }
  /** 问题的证据 */
  'GET /api/findings/{id}/evidence': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Evidence[]
  }
  /** 提交证据（照片、视频、录音） */
  'POST /api/findings/{id}/evidence': {
    path: { id: string }
    query: { stage: string; taken_at?: number | null; lon?: number | null; lat?: number | null; accuracy?: number | null; in_app?: number | null; upload?: string | null }
    body: undefined
    answer: Evidence
  }
  /** 证据原件 */
  'GET /api/findings/{id}/evidence/{evidence}/file': {
    path: { id: string; evidence: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 问题整改码的二维码（SVG） */
  'GET /api/findings/{id}/qr.svg': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 案卷种类与流程图 */
  'GET /api/flows': {
    path: undefined
    query: undefined
    body: undefined
    answer: KindView[]
  }
  /** 网格 */
  'GET /api/grids': {
    path: undefined
    query: { q?: string | null; parent?: string | null; bureau?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page17
  }
  /** 新建网格 */
  'POST /api/grids': {
    path: undefined
    query: undefined
    body: GridInput
    answer: Made
  }
  /** 修改网格 */
  'PUT /api/grids/{id}': {
    path: { id: string }
    query: undefined
    body: GridInput
    answer: undefined
  }
  /** 删除网格 */
  'DELETE /api/grids/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 按交接码查样品 */
  'GET /api/handovers/{code}': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: Assay
  }
  /** 服务是否可用 */
  'GET /api/health': {
    path: undefined
    query: undefined
    body: undefined
    answer: Health
  }
  /** 首页数字 */
  'GET /api/home': {
    path: undefined
    query: undefined
    body: undefined
    answer: Home
  }
  /** 导入进货、销售、生产台账和产品（XLSX、CSV） */
  'POST /api/imports': {
    path: undefined
    query: { kind: 'purchases' | 'sales' | 'production' | 'products'; party?: string | null; create_products?: number | null; update?: number | null; upload?: string | null; dry_run?: number | null }
    body: undefined
    answer: Queued2
  }
  /** 台账导入模板 */
  'GET /api/imports/template': {
    path: undefined
    query: { kind: 'purchases' | 'sales' | 'production' | 'products'; format?: string | null }
    body: undefined
    answer: undefined
  }
  /** 台账导入结果 */
  'GET /api/imports/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: ImportResult
  }
  /** 台账中未导入的行 */
  'GET /api/imports/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 年度监督检查计划 */
  'GET /api/inspection-plans': {
    path: undefined
    query: undefined
    body: undefined
    answer: Plan[]
  }
  /** 编制年度监督检查计划 */
  'POST /api/inspection-plans': {
    path: undefined
    query: undefined
    body: NewPlan
    answer: PlanBegun
  }
  /** 导出的年度计划 */
  'GET /api/inspection-plans/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 年度计划与进度 */
  'GET /api/inspection-plans/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: PlanView
  }
  /** 年度计划中的主体 */
  'GET /api/inspection-plans/{id}/items': {
    path: { id: string }
    query: { q?: string | null; state?: string | null; priority?: number | null; sort?: string | null; grade?: string | null; kind?: string | null; division?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page18
  }
  /** 导出年度计划中的主体 */
  'POST /api/inspection-plans/{id}/items/exports': {
    path: { id: string }
    query: undefined
    body: PlanItemQueryExport
    answer: Queued2
  }
  /** 仪器文件的形状 */
  'GET /api/instruments': {
    path: undefined
    query: undefined
    body: undefined
    answer: Instruments
  }
  /** 排查列表 */
  'GET /api/investigations': {
    path: undefined
    query: { q?: string | null; state?: string | null; created_from?: string | null; created_to?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page19
  }
  /** 新建排查 */
  'POST /api/investigations': {
    path: undefined
    query: undefined
    body: NewCase
    answer: OpenCase
  }
  /** 导出的文件 */
  'GET /api/investigations/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 用网络文件新建排查（JSON） */
  'POST /api/investigations/import': {
    path: undefined
    query: { title?: string | null; upload?: string | null }
    body: undefined
    answer: OpenCase
  }
  /** 全部固定范围 */
  'GET /api/investigations/scopes': {
    path: undefined
    query: { q?: string | null; investigation?: string | null; at_from?: string | null; at_to?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page20
  }
  /** 固定范围 */
  'GET /api/investigations/scopes/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: FrozenScope
  }
  /** 排查 */
  'GET /api/investigations/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: OpenCase
  }
  /** 结束排查 */
  'POST /api/investigations/{id}/close': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Case
  }
  /** 导出排查结果 */
  'POST /api/investigations/{id}/export': {
    path: { id: string }
    query: { what: 'xlsx' | 'holders' | 'counties'; scope?: string | null }
    body: undefined
    answer: Queued3
  }
  /** 固定范围 */
  'POST /api/investigations/{id}/freeze': {
    path: { id: string }
    query: undefined
    body: FreezeBody
    answer: OpenCase
  }
  /** 标记记录 */
  'GET /api/investigations/{id}/marks': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: MarkEntry[]
  }
  /** 保存标记 */
  'PUT /api/investigations/{id}/marks': {
    path: { id: string }
    query: undefined
    body: Marks
    answer: Marks
  }
  /** 撤销最后一次标记 */
  'POST /api/investigations/{id}/marks/undo': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Marks
  }
  /** 排查的网络图 */
  'GET /api/investigations/{id}/network': {
    path: { id: string }
    query: { scope?: string | null; limit?: number | null }
    body: undefined
    answer: NetworkAnswer
  }
  /** 对排查中的一批食品提请召回 */
  'POST /api/investigations/{id}/recalls': {
    path: { id: string }
    query: undefined
    body: Wanted
    answer: Opened
  }
  /** 固定范围列表 */
  'GET /api/investigations/{id}/scopes': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: FrozenScope[]
  }
  /** 疫情评分 */
  'POST /api/investigations/{id}/score': {
    path: { id: string }
    query: undefined
    body: ScoreAsk
    answer: ScoreAnswer
  }
  /** 添加起点 */
  'POST /api/investigations/{id}/seeds': {
    path: { id: string }
    query: undefined
    body: Seeds
    answer: Case
  }
  /** 排查的全貌 */
  'POST /api/investigations/{id}/view': {
    path: { id: string }
    query: undefined
    body: ViewAsk
    answer: ViewAnswer
  }
  /** 排查的主体表 */
  'POST /api/investigations/{id}/view/businesses': {
    path: { id: string }
    query: undefined
    body: TableAsk
    answer: Page21
  }
  /** 排查的批次表 */
  'POST /api/investigations/{id}/view/lots': {
    path: { id: string }
    query: undefined
    body: TableAsk
    answer: Page22
  }
  /** 排查的流转表 */
  'POST /api/investigations/{id}/view/moves': {
    path: { id: string }
    query: undefined
    body: TableAsk
    answer: Page23
  }
  /** 我的任务 */
  'GET /api/jobs': {
    path: undefined
    query: undefined
    body: undefined
    answer: Job[]
  }
  /** 任务进度 */
  'GET /api/jobs/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Job
  }
  /** 取消任务 */
  'DELETE /api/jobs/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 任务进度（事件流） */
  'GET /api/jobs/{id}/events': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 程序密钥 */
  'GET /api/keys': {
    path: undefined
    query: { q?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page24
  }
  /** 建立程序密钥 */
  'POST /api/keys': {
    path: undefined
    query: undefined
    body: KeyInput
    answer: NewKey
  }
  /** 吊销程序密钥 */
  'DELETE /api/keys/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 授予密钥权限 */
  'PUT /api/keys/{id}/permissions': {
    path: { id: string }
    query: undefined
    body: PermissionsInput
    answer: undefined
  }
  /** 检验机构 */
  'GET /api/labs': {
    path: undefined
    query: undefined
    body: undefined
    answer: Lab[]
  }
  /** 登记检验机构 */
  'POST /api/labs': {
    path: undefined
    query: undefined
    body: NewLab
    answer: Lab
  }
  /** 读入检验能力表格 */
  'POST /api/labs/sheet': {
    path: undefined
    query: undefined
    body: undefined
    answer: LabSheet
  }
  /** 检验能力模板 */
  'GET /api/labs/template': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 检验机构与资质能力 */
  'GET /api/labs/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Lab
  }
  /** 检验机构停止或恢复承检 */
  'POST /api/labs/{id}/state': {
    path: { id: string }
    query: undefined
    body: NewLabState
    answer: Lab
  }
  /** 防篡改账本的状态和公钥 */
  'GET /api/ledger': {
    path: undefined
    query: undefined
    body: undefined
    answer: State
  }
  /** 一条记录的账本凭证 */
  'GET /api/ledger/proofs/{event}': {
    path: { event: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 进货查验台账 */
  'GET /api/ledgers/purchases': {
    path: undefined
    query: { q?: string | null; party?: string | null; counterpart?: string | null; kind?: string | null; doc_no?: string | null; from?: string | null; until?: string | null; division?: string | null; declared?: number | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page14
  }
  /** 导出进货查验台账 */
  'POST /api/ledgers/purchases/exports': {
    path: undefined
    query: undefined
    body: EventQueryExport
    answer: Queued2
  }
  /** 销售台账 */
  'GET /api/ledgers/sales': {
    path: undefined
    query: { q?: string | null; party?: string | null; counterpart?: string | null; kind?: string | null; doc_no?: string | null; from?: string | null; until?: string | null; division?: string | null; declared?: number | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page14
  }
  /** 导出销售台账 */
  'POST /api/ledgers/sales/exports': {
    path: undefined
    query: undefined
    body: EventQueryExport
    answer: Queued2
  }
  /** 证照列表 */
  'GET /api/licences': {
    path: undefined
    query: { q?: string | null; matter?: string | null; status?: string | null; party?: string | null; division?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page25
  }
  /** 证照列表（CSV） */
  'GET /api/licences/export': {
    path: undefined
    query: { q?: string | null; matter?: string | null; status?: string | null; party?: string | null; division?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: undefined
  }
  /** 证照 */
  'GET /api/licences/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Licence
  }
  /** 立项核查证照 */
  'POST /api/licences/{id}/checks': {
    path: { id: string }
    query: undefined
    body: Suspicion
    answer: Check2
  }
  /** 证照（PDF） */
  'GET /api/licences/{id}/pdf': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 证照签名文件（可离线核验） */
  'GET /api/licences/{id}/signed': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 禁业名单 */
  'GET /api/licensing/bans': {
    path: undefined
    query: { q?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page26
  }
  /** 导入禁业名单 */
  'POST /api/licensing/bans': {
    path: undefined
    query: undefined
    body: undefined
    answer: Imported
  }
  /** 委托代办 */
  'GET /api/licensing/mandates': {
    path: undefined
    query: undefined
    body: undefined
    answer: Mandate[]
  }
  /** 委托他人代办 */
  'POST /api/licensing/mandates': {
    path: undefined
    query: undefined
    body: NewMandate
    answer: Mandate
  }
  /** 撤销委托 */
  'DELETE /api/licensing/mandates/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 委托下办理的事 */
  'GET /api/licensing/mandates/{id}/acts': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: MandateAct[]
  }
  /** 导入营业执照登记信息 */
  'POST /api/licensing/register': {
    path: undefined
    query: undefined
    body: undefined
    answer: Imported
  }
  /** 限量 */
  'GET /api/limits': {
    path: undefined
    query: { q?: string | null; item?: string | null; category?: string | null; day?: string | null; verified?: number | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page27
  }
  /** 导出限量表 */
  'POST /api/limits/exports': {
    path: undefined
    query: undefined
    body: LimitQueryExport
    answer: Queued2
  }
  /** 导出的限量表 */
  'GET /api/limits/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 未导入的限量行 */
  'GET /api/limits/files/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 导入限量表 */
  'POST /api/limits/import': {
    path: undefined
    query: undefined
    body: undefined
    answer: SampleImport
  }
  /** 起步限量表 */
  'GET /api/limits/starting': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 导入起步限量表 */
  'POST /api/limits/starting': {
    path: undefined
    query: undefined
    body: undefined
    answer: SampleImport
  }
  /** 核验限量 */
  'POST /api/limits/{id}/check': {
    path: { id: string }
    query: undefined
    body: NewLimitCheck
    answer: LimitRow
  }
  /** 批次与库存列表 */
  'GET /api/lots': {
    path: undefined
    query: { q?: string | null; holder?: string | null; product?: string | null; batch?: string | null; state?: string | null; on_hand?: number | null; expires_before?: string | null; expires_from?: string | null; made_from?: string | null; made_to?: string | null; division?: string | null; sent_before?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page28
  }
  /** 导出批次 */
  'POST /api/lots/exports': {
    path: undefined
    query: undefined
    body: LotQueryExport
    answer: Queued2
  }
  /** 批次 */
  'GET /api/lots/{no}': {
    path: { no: number }
    query: undefined
    body: undefined
    answer: LotPage
  }
  /** 批次的来源与去向 */
  'GET /api/lots/{no}/chain': {
    path: { no: number }
    query: undefined
    body: undefined
    answer: Chain
  }
  /** 取得批次追溯码 */
  'POST /api/lots/{no}/code': {
    path: { no: number }
    query: undefined
    body: CodeForm
    answer: CodeAnswer
  }
  /** 是否关注了这一批次 */
  'GET /api/lots/{no}/follow': {
    path: { no: number }
    query: undefined
    body: undefined
    answer: Following
  }
  /** 关注这一批次：召回时收到站内消息 */
  'POST /api/lots/{no}/follow': {
    path: { no: number }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 不再关注这一批次 */
  'DELETE /api/lots/{no}/follow': {
    path: { no: number }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 打印追溯码标签（PDF） */
  'POST /api/lots/{no}/labels': {
    path: { no: number }
    query: { layout?: string | null; count?: number | null; skip?: number | null; cut?: number | null; width?: number | null; height?: number | null }
    body: undefined
    answer: undefined
  }
  /** 这一批涉及的召回和不合格 */
  'GET /api/lots/{no}/notices': {
    path: { no: number }
    query: undefined
    body: undefined
    answer: Touching[]
  }
  /** 市场、连锁、平台的成员 */
  'GET /api/members': {
    path: undefined
    query: { manager?: string | null; member?: string | null; relation?: string | null; state?: string | null; q?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page29
  }
  /** 登记或申报成员 */
  'POST /api/members': {
    path: undefined
    query: undefined
    body: NewMember
    answer: Member
  }
  /** 导出成员关系 */
  'POST /api/members/exports': {
    path: undefined
    query: undefined
    body: MemberQueryExport
    answer: Queued2
  }
  /** 导出的成员关系 */
  'GET /api/members/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 导入成员关系（XLSX、CSV） */
  'POST /api/members/imports': {
    path: undefined
    query: { upload?: string | null; dry_run?: number | null }
    body: undefined
    answer: Queued2
  }
  /** 成员关系导入结果 */
  'GET /api/members/imports/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: ImportResult
  }
  /** 未导入的成员关系 */
  'GET /api/members/imports/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 成员关系导入模板 */
  'GET /api/members/template': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 确认申报的成员关系 */
  'POST /api/members/{id}/confirm': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Member
  }
  /** 结束成员关系 */
  'POST /api/members/{id}/end': {
    path: { id: string }
    query: undefined
    body: EndMember
    answer: Member
  }
  /** 登记生产、发货、收货、销售等 */
  'POST /api/moves': {
    path: undefined
    query: undefined
    body: Capture
    answer: Captured
  }
  /** 逐行登记（NDJSON，每行一条，逐条答复） */
  'POST /api/moves/stream': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 导入溯源网络到账本 */
  'POST /api/networks/imports': {
    path: undefined
    query: { division?: string | null; dry_run?: number | null; upload?: string | null }
    body: undefined
    answer: Queued2
  }
  /** 溯源网络的导入结果 */
  'GET /api/networks/imports/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: NetworkAccount
  }
  /** 溯源网络中的错误（CSV） */
  'GET /api/networks/imports/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 我的消息 */
  'GET /api/notices': {
    path: undefined
    query: { unread?: number | null; kind?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page30
  }
  /** 消息标为已读 */
  'POST /api/notices/read': {
    path: undefined
    query: undefined
    body: Read
    answer: Unread
  }
  /** 未读消息的条数 */
  'GET /api/notices/unread': {
    path: undefined
    query: undefined
    body: undefined
    answer: Unread
  }
  /** 备份与运行状况 */
  'GET /api/operations': {
    path: undefined
    query: undefined
    body: undefined
    answer: Operations
  }
  /** 本企业被抽样品 */
  'GET /api/own-samples': {
    path: undefined
    query: { q?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page31
  }
  /** 认可结论、申请复检、提出异议 */
  'POST /api/own-samples/{id}/acts': {
    path: { id: string }
    query: undefined
    body: SampleObjection
    answer: OwnSample
  }
  /** 本企业的抽样单、抽样告知书（PDF） */
  'GET /api/own-samples/{id}/papers/{code}': {
    path: { id: string; code: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 主体列表 */
  'GET /api/parties': {
    path: undefined
    query: { q?: string | null; kind?: string | null; status?: string | null; division?: string | null; expires_by?: string | null; licence?: 'expired' | 'expiring' | null; licence_days?: number | null; simulated?: boolean | null; sort?: 'created' | 'name' | 'division' | 'updated' | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page32
  }
  /** 登记主体 */
  'POST /api/parties': {
    path: undefined
    query: undefined
    body: NewParty
    answer: Written
  }
  /** 按主体码查主体 */
  'GET /api/parties/code/{code}': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: Partner
  }
  /** 主体数量 */
  'GET /api/parties/counts': {
    path: undefined
    query: { division?: string | null }
    body: undefined
    answer: Counts3
  }
  /** 导出主体 */
  'POST /api/parties/exports': {
    path: undefined
    query: undefined
    body: ExportBody
    answer: Queued2
  }
  /** 导出文件 */
  'GET /api/parties/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 导入主体（XLSX、CSV） */
  'POST /api/parties/imports': {
    path: undefined
    query: { existing?: 'refuse' | 'update' | null; upload?: string | null; dry_run?: number | null }
    body: undefined
    answer: Queued2
  }
  /** 导入结果 */
  'GET /api/parties/imports/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: ImportResult
  }
  /** 未导入的行 */
  'GET /api/parties/imports/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 查找往来主体 */
  'GET /api/parties/lookup': {
    path: undefined
    query: { q: string; kind?: string | null; size?: number | null }
    body: undefined
    answer: Partner[]
  }
  /** 主体导入模板 */
  'GET /api/parties/template': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 主体全景画像 */
  'GET /api/parties/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Dossier
  }
  /** 修改主体 */
  'PUT /api/parties/{id}': {
    path: { id: string }
    query: undefined
    body: UpdateParty
    answer: Written
  }
  /** 主体的信用档案 */
  'GET /api/parties/{id}/credit': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: CreditView
  }
  /** 主体的外部编码（GLN） */
  'GET /api/parties/{id}/keys': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Keys
  }
  /** 登记主体的外部编码（GLN） */
  'POST /api/parties/{id}/keys': {
    path: { id: string }
    query: undefined
    body: KeyForm
    answer: string
  }
  /** 把重复的主体合并到另一主体 */
  'POST /api/parties/{id}/merge': {
    path: { id: string }
    query: undefined
    body: NewMerge
    answer: Merged
  }
  /** 合并重复主体：预览 */
  'POST /api/parties/{id}/merge/preview': {
    path: { id: string }
    query: undefined
    body: MergeInto
    answer: MergePreview
  }
  /** 撤销合并 */
  'POST /api/parties/{id}/merge/undo': {
    path: { id: string }
    query: undefined
    body: UndoMerge
    answer: undefined
  }
  /** 主体人员（完整信息，记入审计） */
  'GET /api/parties/{id}/people': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Person[]
  }
  /** 一店一码海报（PDF） */
  'GET /api/parties/{id}/poster': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 主体的风险等级 */
  'GET /api/parties/{id}/risk': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: RiskView
  }
  /** 提出等级调整 */
  'POST /api/parties/{id}/risk/adjust': {
    path: { id: string }
    query: undefined
    body: NewAdjustment
    answer: Adjustment
  }
  /** 新增场所 */
  'POST /api/parties/{id}/sites': {
    path: { id: string }
    query: undefined
    body: NewSite
    answer: Site
  }
  /** 停用场所 */
  'DELETE /api/parties/{id}/sites/{site}': {
    path: { id: string; site: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 变更主体状态 */
  'POST /api/parties/{id}/status': {
    path: { id: string }
    query: undefined
    body: NewStatus
    answer: Written
  }
  /** 申请列表 */
  'GET /api/permits': {
    path: undefined
    query: { q?: string | null; matter?: string | null; act?: string | null; status?: string | null; state?: string | null; party?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page33
  }
  /** 提交申请 */
  'POST /api/permits': {
    path: undefined
    query: { matter: string; act: string; mode?: string | null; party?: string | null; licence?: string | null; version: number; draft?: string | null }
    body: undefined
    answer: Handed
  }
  /** 我的申请草稿 */
  'GET /api/permits/drafts': {
    path: undefined
    query: undefined
    body: undefined
    answer: Draft[]
  }
  /** 保存申请草稿 */
  'POST /api/permits/drafts': {
    path: undefined
    query: undefined
    body: DraftForm
    answer: Draft
  }
  /** 更新申请草稿 */
  'PUT /api/permits/drafts/{id}': {
    path: { id: string }
    query: undefined
    body: DraftForm
    answer: Draft
  }
  /** 删除申请草稿 */
  'DELETE /api/permits/drafts/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 上传申请材料或照片 */
  'POST /api/permits/files': {
    path: undefined
    query: { party?: string | null; matter?: string | null; shot?: string | null; taken_at?: number | null; lon?: number | null; lat?: number | null; accuracy?: number | null; in_app?: number | null }
    body: undefined
    answer: PermitFile
  }
  /** 申请材料原件 */
  'GET /api/permits/files/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 办理事项和申请表 */
  'GET /api/permits/matters': {
    path: undefined
    query: undefined
    body: undefined
    answer: Offer
  }
  /** 申请 */
  'GET /api/permits/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: PermitView
  }
  /** 代办人办理申请 */
  'POST /api/permits/{id}/acts': {
    path: { id: string }
    query: undefined
    body: Ask
    answer: CaseView
  }
  /** 补正申请 */
  'POST /api/permits/{id}/mend': {
    path: { id: string }
    query: { version: number }
    body: undefined
    answer: Handed
  }
  /** 申请表原始字节（记入审计） */
  'GET /api/permits/{id}/submissions/{submission}': {
    path: { id: string; submission: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 申请（含完整个人信息，记入审计） */
  'GET /api/permits/{id}/whole': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: PermitView
  }
  /** 岗位列表 */
  'GET /api/posts': {
    path: undefined
    query: { q?: string | null; bureau?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page34
  }
  /** 新建岗位 */
  'POST /api/posts': {
    path: undefined
    query: undefined
    body: PostInput
    answer: Made
  }
  /** 岗位 */
  'GET /api/posts/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Post
  }
  /** 修改岗位 */
  'PUT /api/posts/{id}': {
    path: { id: string }
    query: undefined
    body: PostInput
    answer: undefined
  }
  /** 产品列表 */
  'GET /api/products': {
    path: undefined
    query: { q?: string | null; party?: string | null; category?: string | null; status?: string | null; gtin?: string | null; division?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page35
  }
  /** 新增产品 */
  'POST /api/products': {
    path: undefined
    query: undefined
    body: ProductForm
    answer: Product
  }
  /** 导出产品 */
  'POST /api/products/exports': {
    path: undefined
    query: undefined
    body: ProductQueryExport
    answer: Queued2
  }
  /** 产品 */
  'GET /api/products/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: ProductPage
  }
  /** 修改产品 */
  'PUT /api/products/{id}': {
    path: { id: string }
    query: undefined
    body: ProductForm
    answer: Product
  }
  /** 上传资质、标签、检验报告 */
  'POST /api/products/{id}/files': {
    path: { id: string }
    query: { kind: string; title?: string | null; lot?: number | null; conclusion?: string | null; number?: string | null; issued?: string | null; public?: number | null }
    body: undefined
    answer: TraceFile
  }
  /** 任何人可以复算的批次抽取文件 */
  'GET /api/public/campaigns/{code}/draw': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: DrawFile
  }
  /** 任何人可以复算的抽取文件 */
  'GET /api/public/draws/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: DrawFile
  }
  /** 按二维码核验证照 */
  'GET /api/public/licences/{code}': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: PublicLicence
  }
  /** 任何人可以复算的回访抽取文件 */
  'GET /api/public/recall-draws/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: DrawFile
  }
  /** 任何人可以复算的复检机构抽取文件 */
  'GET /api/public/recheck-draws/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: DrawFile
  }
  /** 任何人可以复算的抽样抽取文件 */
  'GET /api/public/sample-draws/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: DrawFile
  }
  /** 疑似复制码的判断限值 */
  'GET /api/publication/limits': {
    path: undefined
    query: undefined
    body: undefined
    answer: Limit[]
  }
  /** 设定疑似复制码的判断限值 */
  'PUT /api/publication/limits': {
    path: undefined
    query: undefined
    body: LimitsForm
    answer: Limit[]
  }
  /** 召回和撤下公示列表 */
  'GET /api/publication/notices': {
    path: undefined
    query: { product?: string | null; lot?: number | null; kind?: 'recall' | 'failure' | 'withdrawal' | null; standing?: number | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page36
  }
  /** 发布召回或撤下公示 */
  'POST /api/publication/notices': {
    path: undefined
    query: undefined
    body: NewNotice
    answer: Notice
  }
  /** 解除召回或撤下公示 */
  'POST /api/publication/notices/{id}/lift': {
    path: { id: string }
    query: undefined
    body: Lift
    answer: undefined
  }
  /** 公示安排 */
  'GET /api/publication/schedule': {
    path: undefined
    query: { kind?: string | null; party?: string | null; state?: string | null; q?: string | null; division?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page37
  }
  /** 暂缓公示 */
  'POST /api/publication/schedule/{id}/hold': {
    path: { id: string }
    query: undefined
    body: Why
    answer: Item2
  }
  /** 恢复公示 */
  'POST /api/publication/schedule/{id}/release': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Item2
  }
  /** 撤下公示 */
  'POST /api/publication/schedule/{id}/withdraw': {
    path: { id: string }
    query: undefined
    body: Why
    answer: Item2
  }
  /** 疑似复制的码 */
  'GET /api/publication/suspicions': {
    path: undefined
    query: { rule?: string | null; checked?: number | null; q?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page38
  }
  /** 疑似复制的码（CSV） */
  'GET /api/publication/suspicions/export': {
    path: undefined
    query: { rule?: string | null; checked?: number | null; q?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: undefined
  }
  /** 登记疑似复制码的核查结果 */
  'POST /api/publication/suspicions/{id}/check': {
    path: { id: string }
    query: undefined
    body: CheckForm
    answer: SuspicionRow
  }
  /** 公示种类、期限与依据 */
  'GET /api/publication/terms': {
    path: undefined
    query: undefined
    body: undefined
    answer: Term2[]
  }
  /** 已导入的公布信息 */
  'GET /api/published-samples': {
    path: undefined
    query: { q?: string | null; fails?: number | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page39
  }
  /** 导出公布信息 */
  'POST /api/published-samples/exports': {
    path: undefined
    query: undefined
    body: PublishedQueryExport
    answer: Queued2
  }
  /** 导出的公布信息 */
  'GET /api/published-samples/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 未导入的行 */
  'GET /api/published-samples/files/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 导入公布的抽检信息 */
  'POST /api/published-samples/import': {
    path: undefined
    query: undefined
    body: undefined
    answer: SampleImport
  }
  /** 注销快检设备 */
  'DELETE /api/rapid/devices/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 导出快检记录 */
  'POST /api/rapid/exports': {
    path: undefined
    query: undefined
    body: TestQueryExport
    answer: Queued2
  }
  /** 导出的快检记录 */
  'GET /api/rapid/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 快检统计 */
  'GET /api/rapid/figures': {
    path: undefined
    query: { by: string; point?: string | null; item?: string | null; food?: string | null; division?: string | null; from?: string | null; to?: string | null }
    body: undefined
    answer: Figure[]
  }
  /** 导入快检记录（XLSX、CSV） */
  'POST /api/rapid/imports': {
    path: undefined
    query: { point: string; upload?: string | null; dry_run?: number | null }
    body: undefined
    answer: Queued2
  }
  /** 快检导入结果 */
  'GET /api/rapid/imports/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: ImportResult
  }
  /** 快检未导入的行 */
  'GET /api/rapid/imports/{id}/rejected': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 设备消息的连接（MQTT） */
  'GET /api/rapid/line': {
    path: undefined
    query: undefined
    body: undefined
    answer: LineView
  }
  /** 快检设备上报（签名） */
  'POST /api/rapid/messages/{point}/{device}': {
    path: { point: string; device: string }
    query: undefined
    body: undefined
    answer: Taken[]
  }
  /** 快检是否与本单位有关 */
  'GET /api/rapid/mine': {
    path: undefined
    query: undefined
    body: undefined
    answer: RapidMine
  }
  /** 快检点 */
  'GET /api/rapid/points': {
    path: undefined
    query: undefined
    body: undefined
    answer: Point2[]
  }
  /** 设立快检点 */
  'POST /api/rapid/points': {
    path: undefined
    query: undefined
    body: NewPoint
    answer: Point2
  }
  /** 一个快检点 */
  'GET /api/rapid/points/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: PointView
  }
  /** 快检设备 */
  'GET /api/rapid/points/{id}/devices': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Device[]
  }
  /** 登记快检设备 */
  'POST /api/rapid/points/{id}/devices': {
    path: { id: string }
    query: undefined
    body: NewDevice
    answer: Registered
  }
  /** 快检阳性 */
  'GET /api/rapid/positives': {
    path: undefined
    query: { status?: string | null; state?: string | null; point?: string | null; party?: string | null; division?: string | null; q?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page40
  }
  /** 一条快检阳性 */
  'GET /api/rapid/positives/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: PositiveView
  }
  /** 送法定检验 */
  'POST /api/rapid/positives/{id}/sample': {
    path: { id: string }
    query: undefined
    body: Order
    answer: PositiveView
  }
  /** 未收下的设备消息 */
  'GET /api/rapid/refused': {
    path: undefined
    query: undefined
    body: undefined
    answer: RefusedMessage[]
  }
  /** 快检导入模板 */
  'GET /api/rapid/template': {
    path: undefined
    query: { format?: 'xlsx' | 'csv' | null }
    body: undefined
    answer: undefined
  }
  /** 快检记录 */
  'GET /api/rapid/tests': {
    path: undefined
    query: { q?: string | null; point?: string | null; party?: string | null; division?: string | null; item?: string | null; food?: string | null; result?: string | null; from?: string | null; to?: string | null; channel?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page41
  }
  /** 登记快检结果 */
  'POST /api/rapid/tests': {
    path: undefined
    query: undefined
    body: Batch
    answer: Taken[]
  }
  /** 一条快检记录 */
  'GET /api/rapid/tests/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: TestView
  }
  /** 快检照片 */
  'POST /api/rapid/tests/{id}/photos': {
    path: { id: string }
    query: { taken_at?: number | null; in_app?: number | null; upload?: string | null }
    body: undefined
    answer: Photo
  }
  /** 快检照片原件 */
  'GET /api/rapid/tests/{id}/photos/{photo}/file': {
    path: { id: string; photo: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 模拟召回列表 */
  'GET /api/recall-drills': {
    path: undefined
    query: { page?: number | null; size?: number | null }
    body: undefined
    answer: Page42
  }
  /** 进行一次模拟召回 */
  'POST /api/recall-drills': {
    path: undefined
    query: undefined
    body: NewDrill
    answer: Drill
  }
  /** 模拟召回的公开指标 */
  'GET /api/recall-drills/figures': {
    path: undefined
    query: undefined
    body: undefined
    answer: DrillFigures
  }
  /** 辖区内有持有单位的召回 */
  'GET /api/recall-visits': {
    path: undefined
    query: undefined
    body: undefined
    answer: Visits[]
  }
  /** 一次召回在辖区内的持有单位 */
  'GET /api/recall-visits/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Visits
  }
  /** 辖区内待见证的处置 */
  'GET /api/recall-watches': {
    path: undefined
    query: undefined
    body: undefined
    answer: RecallWatch[]
  }
  /** 召回列表 */
  'GET /api/recalls': {
    path: undefined
    query: { q?: string | null; state?: string | null; status?: string | null; grade?: number | null; mode?: string | null; source?: string | null; division?: string | null; party?: string | null; lot?: number | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page43
  }
  /** 发起召回 */
  'POST /api/recalls': {
    path: undefined
    query: undefined
    body: NewRecall
    answer: Recall
  }
  /** 导出的召回任务 */
  'GET /api/recalls/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 本企业有关的召回 */
  'GET /api/recalls/mine': {
    path: undefined
    query: undefined
    body: undefined
    answer: Mine[]
  }
  /** 召回一个批次会涉及多少 */
  'GET /api/recalls/preview': {
    path: undefined
    query: { lot: number }
    body: undefined
    answer: Preview
  }
  /** 召回 */
  'GET /api/recalls/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Detail
  }
  /** 登记回访结果 */
  'POST /api/recalls/{id}/checks': {
    path: { id: string }
    query: undefined
    body: CheckResult
    answer: undefined
  }
  /** 报告销毁、无害化处理、补救的时间和地点 */
  'POST /api/recalls/{id}/disposals': {
    path: { id: string }
    query: undefined
    body: NewDisposal
    answer: Disposal
  }
  /** 见证处置 */
  'POST /api/recalls/{id}/disposals/{disposal}': {
    path: { id: string; disposal: string }
    query: undefined
    body: Watched
    answer: undefined
  }
  /** 承诺回访抽取的名单与种子 */
  'POST /api/recalls/{id}/draws': {
    path: { id: string }
    query: undefined
    body: NewDraw2
    answer: DrawProof
  }
  /** 抽取回访单位 */
  'POST /api/recalls/{id}/draws/run': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: CheckDraw
  }
  /** 关注者和告知情况（号码打码） */
  'GET /api/recalls/{id}/followers': {
    path: { id: string }
    query: { page?: number | null; size?: number | null }
    body: undefined
    answer: Page44
  }
  /** 关注者人数和待告知人数 */
  'GET /api/recalls/{id}/followers/counts': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: FollowerCounts
  }
  /** 取走要发给关注者的告知（含号码） */
  'POST /api/recalls/{id}/followers/letters': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: FollowerLetter[]
  }
  /** 查看关注者的完整电话 */
  'GET /api/recalls/{id}/followers/{token}/phone': {
    path: { id: string; token: string }
    query: undefined
    body: undefined
    answer: Phone
  }
  /** 登记已告知关注者 */
  'POST /api/recalls/{id}/followers/{token}/told': {
    path: { id: string; token: string }
    query: undefined
    body: FollowerTold
    answer: undefined
  }
  /** 召回食品在平台以外的买家 */
  'GET /api/recalls/{id}/outside': {
    path: { id: string }
    query: { party?: string }
    body: undefined
    answer: RecallOutside[]
  }
  /** 登记已告知平台以外的买家 */
  'POST /api/recalls/{id}/outside/{no}': {
    path: { id: string; no: number }
    query: undefined
    body: RecallTold
    answer: undefined
  }
  /** 给平台以外买家的召回告知函（PDF） */
  'GET /api/recalls/{id}/outside/{no}/letter': {
    path: { id: string; no: number }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 召回照片（五定） */
  'POST /api/recalls/{id}/photos': {
    path: { id: string }
    query: { party?: string | null; taken_at?: number | null; lon?: number | null; lat?: number | null; accuracy?: number | null; in_app?: number | null; upload?: string | null }
    body: undefined
    answer: Photo2
  }
  /** 召回照片原件 */
  'GET /api/recalls/{id}/photos/{photo}/file': {
    path: { id: string; photo: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 持有单位在地图上的位置 */
  'GET /api/recalls/{id}/places': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: RecallPlace[]
  }
  /** 生产者确认收到退货 */
  'POST /api/recalls/{id}/returns': {
    path: { id: string }
    query: undefined
    body: Confirm
    answer: undefined
  }
  /** 重新查找持有单位 */
  'POST /api/recalls/{id}/scope': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Recall
  }
  /** 召回任务：每个持有单位一条 */
  'GET /api/recalls/{id}/tasks': {
    path: { id: string }
    query: { q?: string | null; state?: string | null; certain?: number | null; division?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page45
  }
  /** 导出召回任务 */
  'POST /api/recalls/{id}/tasks/exports': {
    path: { id: string }
    query: undefined
    body: TaskQueryExport
    answer: Queued2
  }
  /** 一个持有单位的召回任务 */
  'GET /api/recalls/{id}/tasks/{party}': {
    path: { id: string; party: string }
    query: undefined
    body: undefined
    answer: Holding
  }
  /** 核定去向不明的原因 */
  'POST /api/recalls/{id}/tasks/{party}/accept': {
    path: { id: string; party: string }
    query: undefined
    body: RecallAccept
    answer: undefined
  }
  /** 召回通知书（PDF） */
  'GET /api/recalls/{id}/tasks/{party}/notice': {
    path: { id: string; party: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 报告现存、已售、销毁、退回 */
  'POST /api/recalls/{id}/tasks/{party}/report': {
    path: { id: string; party: string }
    query: undefined
    body: NewReport
    answer: undefined
  }
  /** 确认已看到召回通知 */
  'POST /api/recalls/{id}/tasks/{party}/seen': {
    path: { id: string; party: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 检查人员回避 */
  'GET /api/recusals': {
    path: undefined
    query: { q?: string | null; mine?: number | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page46
  }
  /** 登记回避 */
  'POST /api/recusals': {
    path: undefined
    query: undefined
    body: NewRecusal
    answer: Recusal
  }
  /** 撤销回避 */
  'DELETE /api/recusals/{officer}/{party}': {
    path: { officer: string; party: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 业态、品类等代码表 */
  'GET /api/reference': {
    path: undefined
    query: undefined
    body: undefined
    answer: All
  }
  /** 下一级行政区划 */
  'GET /api/reference/divisions': {
    path: undefined
    query: { parent?: string | null; on?: string | null }
    body: undefined
    answer: Division[]
  }
  /** 一个行政区划 */
  'GET /api/reference/divisions/{code}': {
    path: { code: string }
    query: { on?: string | null }
    body: undefined
    answer: Placed
  }
  /** 统计报表 */
  'GET /api/reports': {
    path: undefined
    query: { template?: string | null; division?: string | null; state?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page47
  }
  /** 生成统计报表 */
  'POST /api/reports': {
    path: undefined
    query: undefined
    body: NewReport2
    answer: Report2
  }
  /** 订阅统计报表 */
  'POST /api/reports/subscribe': {
    path: undefined
    query: undefined
    body: Subscribe
    answer: Subscribed
  }
  /** 报表样式与订阅 */
  'GET /api/reports/templates': {
    path: undefined
    query: undefined
    body: undefined
    answer: TemplateView[]
  }
  /** 一份统计报表 */
  'GET /api/reports/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: ReportView
  }
  /** 统计报表 PDF */
  'GET /api/reports/{id}/pdf': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 统计报表表格 */
  'GET /api/reports/{id}/xlsx': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 风险等级列表 */
  'GET /api/risk': {
    path: undefined
    query: { division?: string | null; grade?: string | null; credit?: string | null; kind?: string | null; changed?: number | null; by?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page48
  }
  /** 待审核的等级调整 */
  'GET /api/risk/adjustments': {
    path: undefined
    query: { page?: number | null; size?: number | null }
    body: undefined
    answer: Page49
  }
  /** 审核等级调整 */
  'POST /api/risk/adjustments/{id}/decide': {
    path: { id: string }
    query: undefined
    body: Decision
    answer: Adjustment
  }
  /** 各县区风险与信用等级数 */
  'GET /api/risk/counties': {
    path: undefined
    query: { division?: string | null; grade?: string | null; credit?: string | null; kind?: string | null; changed?: number | null; by?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: CountyRow[]
  }
  /** 风险分级规则：因素、分值与依据 */
  'GET /api/risk/rules': {
    path: undefined
    query: { division?: string | null }
    body: undefined
    answer: RuleSet
  }
  /** 角色与权限 */
  'GET /api/roles': {
    path: undefined
    query: undefined
    body: undefined
    answer: RoleOf[]
  }
  /** 抽样的随机抽取 */
  'GET /api/sample-draws': {
    path: undefined
    query: { q?: string | null; about?: string | null; state?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page50
  }
  /** 承诺一次抽样的随机抽取 */
  'POST /api/sample-draws': {
    path: undefined
    query: undefined
    body: NewSampleDraw
    answer: KeptDraw
  }
  /** 导出随机抽样列表 */
  'POST /api/sample-draws/exports': {
    path: undefined
    query: undefined
    body: SampleDrawListExport
    answer: Queued2
  }
  /** 导出的随机抽样列表 */
  'GET /api/sample-draws/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 一次抽样的随机抽取 */
  'GET /api/sample-draws/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SampleDrawView
  }
  /** 一次抽样的随机抽取的复算文件 */
  'GET /api/sample-draws/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: DrawFile
  }
  /** 抽取单位、食品和抽样人员 */
  'POST /api/sample-draws/{id}/run': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SampleDrawView
  }
  /** 按抽取结果派发抽样任务 */
  'POST /api/sample-draws/{id}/tasks': {
    path: { id: string }
    query: undefined
    body: DrawTasks
    answer: DrawTasksMade
  }
  /** 抽检计划 */
  'GET /api/sample-plans': {
    path: undefined
    query: undefined
    body: undefined
    answer: SamplePlan[]
  }
  /** 制定抽检计划 */
  'POST /api/sample-plans': {
    path: undefined
    query: undefined
    body: NewSamplePlan
    answer: SampleProgress
  }
  /** 读入抽检计划表格 */
  'POST /api/sample-plans/sheet': {
    path: undefined
    query: { division: string }
    body: undefined
    answer: SampleQuotaSheet
  }
  /** 抽检计划模板 */
  'GET /api/sample-plans/template': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 抽检计划的进度 */
  'GET /api/sample-plans/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SampleProgress
  }
  /** 抽检计划的历次调整 */
  'GET /api/sample-plans/{id}/changes': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SamplePlanVersion[]
  }
  /** 调整抽检计划的指标 */
  'POST /api/sample-plans/{id}/changes': {
    path: { id: string }
    query: undefined
    body: SamplePlanChange
    answer: SampleProgress
  }
  /** 抽检计划与进度表格 */
  'GET /api/sample-plans/{id}/sheet': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 抽样单的栏目 */
  'GET /api/sample-sheet': {
    path: undefined
    query: undefined
    body: undefined
    answer: SheetForm
  }
  /** 抽检统计 */
  'GET /api/sample-statistics': {
    path: undefined
    query: { division?: string | null; from?: string | null; to?: string | null; by?: 'lab' | 'food' | 'item' | 'stage' | 'region' | 'season' | 'month' | null; across?: 'lab' | 'food' | 'item' | 'stage' | 'region' | 'season' | 'month' | null; category?: string | null; item?: string | null; stage?: string | null; season?: string | null; month?: string | null; lab?: string | null; fails?: boolean | null; page?: number | null; size?: number | null }
    body: undefined
    answer: SampleStatistics
  }
  /** 抽检统计表格 */
  'GET /api/sample-statistics/file': {
    path: undefined
    query: { division?: string | null; from?: string | null; to?: string | null; by?: 'lab' | 'food' | 'item' | 'stage' | 'region' | 'season' | 'month' | null; across?: 'lab' | 'food' | 'item' | 'stage' | 'region' | 'season' | 'month' | null; category?: string | null; item?: string | null; stage?: string | null; season?: string | null; month?: string | null; lab?: string | null; fails?: boolean | null; page?: number | null; size?: number | null }
    body: undefined
    answer: undefined
  }
  /** 抽检统计数字背后的样品 */
  'GET /api/sample-statistics/samples': {
    path: undefined
    query: { division?: string | null; from?: string | null; to?: string | null; by?: 'lab' | 'food' | 'item' | 'stage' | 'region' | 'season' | 'month' | null; across?: 'lab' | 'food' | 'item' | 'stage' | 'region' | 'season' | 'month' | null; category?: string | null; item?: string | null; stage?: string | null; season?: string | null; month?: string | null; lab?: string | null; fails?: boolean | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page51
  }
  /** 靶向抽检建议 */
  'GET /api/sample-targets': {
    path: undefined
    query: { division?: string | null; state?: string | null; category?: string | null; stage?: string | null; q?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page52
  }
  /** 重新计算靶向抽检建议 */
  'POST /api/sample-targets/compute': {
    path: undefined
    query: undefined
    body: undefined
    answer: Queued2
  }
  /** 导出靶向抽检建议 */
  'POST /api/sample-targets/exports': {
    path: undefined
    query: undefined
    body: SampleTargetQueryExport
    answer: Queued2
  }
  /** 导出的靶向抽检建议 */
  'GET /api/sample-targets/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 一条靶向抽检建议 */
  'GET /api/sample-targets/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SampleTarget
  }
  /** 不采纳靶向抽检建议 */
  'POST /api/sample-targets/{id}/decline': {
    path: { id: string }
    query: undefined
    body: DeclineSampleTarget
    answer: SampleTarget
  }
  /** 采纳靶向抽检建议 */
  'POST /api/sample-targets/{id}/take': {
    path: { id: string }
    query: undefined
    body: TakeSampleTarget
    answer: SampleTarget
  }
  /** 样品列表 */
  'GET /api/samples': {
    path: undefined
    query: { q?: string | null; party?: string | null; lab?: string | null; status?: string | null; verdict?: string | null; kind?: string | null; mode?: string | null; stage?: string | null; category?: string | null; quota?: string | null; plan?: string | null; state?: string | null; division?: string | null; from?: string | null; to?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page53
  }
  /** 派发抽样任务 */
  'POST /api/samples': {
    path: undefined
    query: undefined
    body: NewSample
    answer: Sample
  }
  /** 导出样品列表 */
  'POST /api/samples/exports': {
    path: undefined
    query: undefined
    body: ListQueryExport
    answer: Queued2
  }
  /** 导出的样品列表 */
  'GET /api/samples/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 别处抽样、分派给本地核查处置的样品 */
  'GET /api/samples/given': {
    path: undefined
    query: undefined
    body: undefined
    answer: SampleGiven[]
  }
  /** 我的抽样任务 */
  'GET /api/samples/mine': {
    path: undefined
    query: undefined
    body: undefined
    answer: SampleTask[]
  }
  /** 可派的抽样人员 */
  'GET /api/samples/samplers': {
    path: undefined
    query: { division: string; lab?: string | null }
    body: undefined
    answer: SamplerChoice[]
  }
  /** 样品 */
  'GET /api/samples/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SampleDetail
  }
  /** 质量复核 */
  'POST /api/samples/{id}/check': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Sample
  }
  /** 承诺复检机构的名单与种子 */
  'POST /api/samples/{id}/draw': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: RecheckDraw
  }
  /** 随机抽取复检机构 */
  'POST /api/samples/{id}/draw/run': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: RecheckDraw
  }
  /** 扫码填写样品信息 */
  'POST /api/samples/{id}/goods': {
    path: { id: string }
    query: undefined
    body: SampleScan
    answer: SampleGoods
  }
  /** 离线抽样锁定 */
  'POST /api/samples/{id}/hold': {
    path: { id: string }
    query: undefined
    body: SampleHoldAsk
    answer: SampleHold
  }
  /** 协查机关复函 */
  'POST /api/samples/{id}/letters/answer': {
    path: { id: string }
    query: undefined
    body: SampleLetterAnswer
    answer: Sample
  }
  /** 提交抽样照片 */
  'POST /api/samples/{id}/media': {
    path: { id: string }
    query: { kind: string; taken_at?: number | null; lon?: number | null; lat?: number | null; accuracy?: number | null; in_app?: number | null; upload?: string | null }
    body: undefined
    answer: SampleMedia
  }
  /** 抽样照片原件 */
  'GET /api/samples/{id}/media/{media}': {
    path: { id: string; media: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 拒绝抽样、未抽到样品 */
  'POST /api/samples/{id}/missed': {
    path: { id: string }
    query: undefined
    body: SampleMissed
    answer: Sample
  }
  /** 移交样品（交方签字） */
  'POST /api/samples/{id}/offers': {
    path: { id: string }
    query: undefined
    body: SampleOffer
    answer: Sample
  }
  /** 离线抽样所需资料 */
  'GET /api/samples/{id}/pack': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SamplePack
  }
  /** 抽样单、抽样告知书（PDF） */
  'GET /api/samples/{id}/papers/{code}': {
    path: { id: string; code: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 解除离线抽样锁定 */
  'POST /api/samples/{id}/release': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 共同签封 */
  'POST /api/samples/{id}/seal': {
    path: { id: string }
    query: undefined
    body: SampleSeal
    answer: Sample
  }
  /** 提交抽样单 */
  'POST /api/samples/{id}/sheet': {
    path: { id: string }
    query: undefined
    body: NewSheet
    answer: Sample
  }
  /** 填报核查处置 */
  'POST /api/samples/{id}/streams': {
    path: { id: string }
    query: undefined
    body: NewDisposalStream
    answer: Sample
  }
  /** 提交核查处置附件 */
  'POST /api/samples/{id}/streams/files': {
    path: { id: string }
    query: { side: string; stream: string; name: string; upload?: string | null }
    body: undefined
    answer: DisposalFile
  }
  /** 核查处置附件 */
  'GET /api/samples/{id}/streams/files/{file}': {
    path: { id: string; file: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 分派核查处置 */
  'POST /api/samples/{id}/streams/given': {
    path: { id: string }
    query: undefined
    body: NewDisposalGiven
    answer: Sample
  }
  /** 审核核查处置 */
  'POST /api/samples/{id}/streams/review': {
    path: { id: string }
    query: undefined
    body: DisposalReview
    answer: Sample
  }
  /** 登记结论已报送、通报 */
  'POST /api/samples/{id}/told': {
    path: { id: string }
    query: undefined
    body: SampleToldDuty
    answer: Sample
  }
  /** 当前登录 */
  'GET /api/session': {
    path: undefined
    query: undefined
    body: undefined
    answer: Session
  }
  /** 登录 */
  'POST /api/session': {
    path: undefined
    query: undefined
    body: SignInInput
    answer: Session
  }
  /** 退出登录 */
  'DELETE /api/session': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 打开本机上的现场记录 */
  'POST /api/session/device-key': {
    path: undefined
    query: undefined
    body: undefined
    answer: DeviceKey
  }
  /** 用通行密钥登录 */
  'POST /api/session/passkey': {
    path: undefined
    query: undefined
    body: PasskeySignIn
    answer: Session
  }
  /** 开始用通行密钥登录 */
  'POST /api/session/passkey/challenge': {
    path: undefined
    query: undefined
    body: undefined
    answer: Challenge
  }
  /** 密码之后用通行密钥验证 */
  'POST /api/session/passkey/second': {
    path: undefined
    query: undefined
    body: SecondInput
    answer: Challenge
  }
  /** 我的通行密钥 */
  'GET /api/session/passkeys': {
    path: undefined
    query: undefined
    body: undefined
    answer: PasskeyRow[]
  }
  /** 绑定通行密钥 */
  'POST /api/session/passkeys': {
    path: undefined
    query: undefined
    body: BindInput
    answer: Made
  }
  /** 开始绑定通行密钥 */
  'POST /api/session/passkeys/challenge': {
    path: undefined
    query: undefined
    body: BeginInput
    answer: Challenge
  }
  /** 修改通行密钥的名称 */
  'PUT /api/session/passkeys/{id}': {
    path: { id: string }
    query: undefined
    body: NameInput2
    answer: undefined
  }
  /** 删除通行密钥 */
  'DELETE /api/session/passkeys/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 更换密码 */
  'POST /api/session/password': {
    path: undefined
    query: undefined
    body: PasswordInput
    answer: undefined
  }
  /** 把登录绑定到本机 */
  'POST /api/session/phone': {
    path: undefined
    query: undefined
    body: PhoneKey
    answer: PhoneBound
  }
  /** 本机恢复上传 */
  'POST /api/session/resume': {
    path: undefined
    query: undefined
    body: PhoneResume
    answer: Session
  }
  /** 开始绑定第二步验证 */
  'POST /api/session/totp': {
    path: undefined
    query: undefined
    body: undefined
    answer: Enrolment
  }
  /** 确认第二步验证 */
  'POST /api/session/totp/confirm': {
    path: undefined
    query: undefined
    body: TotpInput
    answer: undefined
  }
  /** 我的登录 */
  'GET /api/sessions': {
    path: undefined
    query: undefined
    body: undefined
    answer: SessionRow[]
  }
  /** 结束我的其他登录 */
  'DELETE /api/sessions': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 结束一个登录 */
  'DELETE /api/sessions/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 统计分析 */
  'GET /api/statistics': {
    path: undefined
    query: { division?: string | null; from?: string | null; to?: string | null }
    body: undefined
    answer: Statistics
  }
  /** 统计数字背后的案卷 */
  'GET /api/statistics/cases': {
    path: undefined
    query: { division?: string | null; from?: string | null; to?: string | null; kind?: string | null; business?: string | null; direct?: boolean | null; what?: 'opened' | 'before' | 'year_before' | 'ended' | 'open' | 'due' | 'late' | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page54
  }
  /** 导出统计数字背后的案卷 */
  'POST /api/statistics/cases/exports': {
    path: undefined
    query: undefined
    body: BehindQueryExport
    answer: Queued2
  }
  /** 导出的案卷 */
  'GET /api/statistics/cases/exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 统计分析表格 */
  'GET /api/statistics/file': {
    path: undefined
    query: { division?: string | null; from?: string | null; to?: string | null }
    body: undefined
    answer: undefined
  }
  /** 案卷的类别 */
  'GET /api/statistics/kinds': {
    path: undefined
    query: undefined
    body: undefined
    answer: KindName[]
  }
  /** 作废追溯码 */
  'POST /api/trace-codes/{code}/void': {
    path: { code: string }
    query: undefined
    body: VoidForm
    answer: undefined
  }
  /** 下载导出的文件 */
  'GET /api/trace-exports/{id}/file': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 下载资质、标签、检验报告 */
  'GET /api/trace-files/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 我的上传 */
  'GET /api/uploads': {
    path: undefined
    query: undefined
    body: undefined
    answer: Uploading
  }
  /** 开始上传（tus） */
  'POST /api/uploads': {
    path: undefined
    query: undefined
    body: undefined
    answer: Upload
  }
  /** 上传到了哪里（tus，HEAD 同此） */
  'GET /api/uploads/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Upload
  }
  /** 续传（不能用 PATCH 的网络） */
  'POST /api/uploads/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 续传（tus） */
  'PATCH /api/uploads/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 取消上传（tus） */
  'DELETE /api/uploads/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 用户列表 */
  'GET /api/users': {
    path: undefined
    query: { q?: string | null; state?: string | null; role?: string | null; bureau?: string | null; party?: string | null; sort?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page9
  }
  /** 新建用户 */
  'POST /api/users': {
    path: undefined
    query: undefined
    body: UserInput
    answer: NewPassword
  }
  /** 用户 */
  'GET /api/users/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: User
  }
  /** 修改用户 */
  'PUT /api/users/{id}': {
    path: { id: string }
    query: undefined
    body: UserInput
    answer: undefined
  }
  /** 用户所代表的主体 */
  'GET /api/users/{id}/businesses': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Membership[]
  }
  /** 授权代表主体 */
  'POST /api/users/{id}/businesses': {
    path: { id: string }
    query: undefined
    body: MembershipInput
    answer: Made
  }
  /** 撤销代表主体 */
  'DELETE /api/users/{id}/businesses/{membership}': {
    path: { id: string; membership: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 停用用户 */
  'POST /api/users/{id}/disable': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 启用用户 */
  'POST /api/users/{id}/enable': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 解除用户的通行密钥 */
  'DELETE /api/users/{id}/passkeys': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 重置密码 */
  'POST /api/users/{id}/password': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: NewPassword
  }
  /** 查看完整电话 */
  'GET /api/users/{id}/phone': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Phone2
  }
  /** 用户的岗位 */
  'GET /api/users/{id}/posts': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Holding2[]
  }
  /** 任命到岗位 */
  'POST /api/users/{id}/posts': {
    path: { id: string }
    query: undefined
    body: GrantInput
    answer: Made
  }
  /** 设定用户的岗位 */
  'PUT /api/users/{id}/posts': {
    path: { id: string }
    query: undefined
    body: PostsInput
    answer: undefined
  }
  /** 免去岗位 */
  'DELETE /api/users/{id}/posts/{holding}': {
    path: { id: string; holding: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 用户的登录 */
  'GET /api/users/{id}/sessions': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: SessionRow[]
  }
  /** 结束用户的全部登录 */
  'DELETE /api/users/{id}/sessions': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 解除第二步验证 */
  'DELETE /api/users/{id}/totp': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 解锁用户 */
  'POST /api/users/{id}/unlock': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 检查类型 */
  'GET /api/visit-kinds': {
    path: undefined
    query: undefined
    body: undefined
    answer: VisitKind[]
  }
  /** 监督检查列表 */
  'GET /api/visits': {
    path: undefined
    query: { q?: string | null; party?: string | null; kind?: string | null; status?: string | null; state?: string | null; conclusion?: string | null; draw?: string | null; plan?: string | null; division?: string | null; from?: string | null; to?: string | null; page?: number | null; size?: number | null }
    body: undefined
    answer: Page55
  }
  /** 安排检查 */
  'POST /api/visits': {
    path: undefined
    query: undefined
    body: NewVisit
    answer: Visit
  }
  /** 扫检查记录上的码找到检查 */
  'GET /api/visits/code/{code}': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: VisitView
  }
  /** 今日检查（按路线） */
  'GET /api/visits/mine': {
    path: undefined
    query: { date?: string | null; ahead?: number | null; lon?: number | null; lat?: number | null }
    body: undefined
    answer: Visit[]
  }
  /** 可派往一处的检查人员 */
  'GET /api/visits/officers': {
    path: undefined
    query: { division: string }
    body: undefined
    answer: Officer[]
  }
  /** 监督检查 */
  'GET /api/visits/{id}': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: VisitView
  }
  /** 到达现场 */
  'POST /api/visits/{id}/arrive': {
    path: { id: string }
    query: undefined
    body: Arrival
    answer: Visit
  }
  /** 离线办理锁定 */
  'POST /api/visits/{id}/lock': {
    path: { id: string }
    query: undefined
    body: LockAsk
    answer: LockState
  }
  /** 离线办理所需的全部资料 */
  'GET /api/visits/{id}/pack': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: Pack
  }
  /** 检查的照片和录像 */
  'GET /api/visits/{id}/photos': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: VisitPhoto[]
  }
  /** 提交检查的照片、录像、录音、签名 */
  'POST /api/visits/{id}/photos': {
    path: { id: string }
    query: { sha256?: string | null; item?: string | null; upload?: string | null; taken_at?: number | null; lon?: number | null; lat?: number | null; accuracy?: number | null; in_app?: number | null }
    body: undefined
    answer: VisitPhoto
  }
  /** 照片原件 */
  'GET /api/visits/{id}/photos/{sha256}': {
    path: { id: string; sha256: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 提交检查记录 */
  'POST /api/visits/{id}/record': {
    path: { id: string }
    query: undefined
    body: NewRecord
    answer: Recorded
  }
  /** 检查记录（小票打印机字节流） */
  'GET /api/visits/{id}/record.escpos': {
    path: { id: string }
    query: { width?: number | null }
    body: undefined
    answer: undefined
  }
  /** 监督检查结果记录表（PDF） */
  'GET /api/visits/{id}/record.pdf': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 解除离线办理锁定 */
  'POST /api/visits/{id}/unlock': {
    path: { id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 你点我检 */
  'GET /choose': {
    path: undefined
    query: { care?: string | null; page?: number | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 我点的检得怎样了 */
  'GET /choose/mine': {
    path: undefined
    query: { care?: string | null; page?: number | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 一次你点我检：选择、进展和结果 */
  'GET /choose/{code}': {
    path: { code: string }
    query: { care?: string | null; page?: number | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 投票 */
  'POST /choose/{code}': {
    path: { code: string }
    query: { care?: string | null; page?: number | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 一次你点我检的抽检现场，每分钟更新 */
  'GET /choose/{code}/live': {
    path: { code: string }
    query: { care?: string | null; page?: number | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 一次你点我检的全部计票 */
  'GET /choose/{code}/tally': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: CampaignTally
  }
  /** 扫码页：文书真伪 */
  'GET /doc/{code}': {
    path: { code: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 某业务地点的 EPCIS 事件 */
  'GET /epcis/bizLocations/{place}/events': {
    path: { place: string }
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** 某业务步骤的 EPCIS 事件 */
  'GET /epcis/bizSteps/{step}/events': {
    path: { step: string }
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** EPCIS 文件导入（JSON-LD、NDJSON、XML） */
  'POST /epcis/capture': {
    path: undefined
    query: { party?: string | null; lenient?: number | null; upload?: string | null; dry_run?: number | null }
    body: undefined
    answer: Capture2
  }
  /** 某状态的 EPCIS 事件 */
  'GET /epcis/dispositions/{disposition}/events': {
    path: { disposition: string }
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** 某编码的 EPCIS 事件 */
  'GET /epcis/epcs/{epc}/events': {
    path: { epc: string }
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** 某类型的 EPCIS 事件 */
  'GET /epcis/eventTypes/{type}/events': {
    path: { type: string }
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** EPCIS 事件查询 */
  'GET /epcis/events': {
    path: undefined
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** EPCIS 事件 */
  'GET /epcis/events/{event}': {
    path: { event: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** EPCIS 命名查询 */
  'GET /epcis/queries': {
    path: undefined
    query: undefined
    body: undefined
    answer: QueryDefinition[]
  }
  /** 建立 EPCIS 命名查询 */
  'POST /epcis/queries': {
    path: undefined
    query: undefined
    body: QueryDefinition
    answer: undefined
  }
  /** EPCIS 命名查询的内容 */
  'GET /epcis/queries/{name}': {
    path: { name: string }
    query: undefined
    body: undefined
    answer: QueryDefinition
  }
  /** 删除 EPCIS 命名查询 */
  'DELETE /epcis/queries/{name}': {
    path: { name: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** EPCIS 命名查询的事件 */
  'GET /epcis/queries/{name}/events': {
    path: { name: string }
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** 命名查询的订阅 */
  'GET /epcis/queries/{name}/subscriptions': {
    path: { name: string }
    query: undefined
    body: undefined
    answer: SubscriptionView[]
  }
  /** 订阅 EPCIS 命名查询 */
  'POST /epcis/queries/{name}/subscriptions': {
    path: { name: string }
    query: undefined
    body: NewSubscription
    answer: undefined
  }
  /** EPCIS 订阅 */
  'GET /epcis/queries/{name}/subscriptions/{subscription}': {
    path: { name: string; subscription: string }
    query: undefined
    body: undefined
    answer: SubscriptionView
  }
  /** 取消 EPCIS 订阅 */
  'DELETE /epcis/queries/{name}/subscriptions/{subscription}': {
    path: { name: string; subscription: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 恢复 EPCIS 订阅 */
  'POST /epcis/queries/{name}/subscriptions/{subscription}/resume': {
    path: { name: string; subscription: string }
    query: undefined
    body: ResumeForm
    answer: SubscriptionView
  }
  /** 某读取点的 EPCIS 事件 */
  'GET /epcis/readPoints/{place}/events': {
    path: { place: string }
    query: { eventType?: string; GE_eventTime?: string; LT_eventTime?: string; GE_recordTime?: string; LT_recordTime?: string; EQ_action?: string; EQ_bizStep?: string; EQ_disposition?: string; EQ_persistentDisposition_set?: string; EQ_persistentDisposition_unset?: string; EQ_readPoint?: string; WD_readPoint?: string; EQ_bizLocation?: string; WD_bizLocation?: string; EQ_transformationID?: string; MATCH_epc?: string; MATCH_parentID?: string; MATCH_inputEPC?: string; MATCH_outputEPC?: string; MATCH_anyEPC?: string; MATCH_epcClass?: string; MATCH_inputEPCClass?: string; MATCH_outputEPCClass?: string; MATCH_anyEPCClass?: string; EQ_quantity?: string; GT_quantity?: string; GE_quantity?: string; LT_quantity?: string; LE_quantity?: string; EQ_eventID?: string; EXISTS_errorDeclaration?: string; GE_errorDeclarationTime?: string; LT_errorDeclarationTime?: string; EQ_errorReason?: string; EQ_correctiveEventID?: string; orderBy?: string; orderDirection?: string; eventCountLimit?: string; maxEventCount?: string; perPage?: string; nextPageToken?: string }
    body: undefined
    answer: undefined
  }
  /** 关注一个批次 */
  'GET /follow/{code}': {
    path: { code: string }
    query: { care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 开始关注一个批次 */
  'POST /follow/{code}': {
    path: { code: string }
    query: { care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 关注的批次怎么样了 */
  'GET /followed/{token}': {
    path: { token: string }
    query: { care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 证照核验页 */
  'GET /l/{code}': {
    path: { code: string }
    query: { care?: number | null }
    body: undefined
    answer: undefined
  }
  /** 账本检查点（tlog-checkpoint） */
  'GET /ledger/checkpoint': {
    path: undefined
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 账本条目（tlog-tiles） */
  'GET /ledger/tile/entries/{path}': {
    path: { path: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 账本哈希分片（tlog-tiles） */
  'GET /ledger/tile/{level}/{path}': {
    path: { level: string; path: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 公示公开首页 */
  'GET /open': {
    path: undefined
    query: { format?: string | null; division?: string | null; q?: string | null; verdict?: string | null; page?: number | null; after?: number | null; care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 一条公示 */
  'GET /open/item/{id}': {
    path: { id: string }
    query: { format?: string | null; division?: string | null; q?: string | null; verdict?: string | null; page?: number | null; after?: number | null; care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 公示不合格的位置（地图红色标记） */
  'GET /open/marks': {
    path: undefined
    query: { division?: string | null; days?: number | null }
    body: undefined
    answer: Marks2
  }
  /** 平台排序权重 */
  'GET /open/ranking': {
    path: undefined
    query: undefined
    body: undefined
    answer: Weight[]
  }
  /** 快检公示（公众页） */
  'GET /open/rapid/{code}': {
    path: { code: string }
    query: { day?: string | null; care?: number | null }
    body: undefined
    answer: undefined
  }
  /** 快检公示（大屏） */
  'GET /open/rapid/{code}/screen': {
    path: { code: string }
    query: { day?: string | null; care?: number | null }
    body: undefined
    answer: undefined
  }
  /** 一类公示：网页、JSON 或 CSV */
  'GET /open/{kind}': {
    path: { kind: string }
    query: { format?: string | null; division?: string | null; q?: string | null; verdict?: string | null; page?: number | null; after?: number | null; care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 一类公示的数据结构（JSON Schema） */
  'GET /open/{kind}/schema': {
    path: { kind: string }
    query: undefined
    body: undefined
    answer: unknown
  }
  /** 公众页样式 */
  'GET /public/{file}': {
    path: { file: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 召回公告 */
  'GET /recalls': {
    path: undefined
    query: { care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 模拟召回指标 */
  'GET /recalls/drills': {
    path: undefined
    query: { care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 一次召回的公告与进展 */
  'GET /recalls/{code}': {
    path: { code: string }
    query: { care?: string | null }
    body: undefined
    answer: undefined
  }
  /** 公众查询页 */
  'GET /t': {
    path: undefined
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 公众查询页 */
  'GET /t/': {
    path: undefined
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 扫码页：追溯码或主体码 */
  'GET /t/{code}': {
    path: { code: string }
    query: { care?: string | null; made?: string | null; from?: string | null; place?: string | null; linkType?: string | null; code?: string | null }
    body: undefined
    answer: undefined
  }
  /** 批次的公开文件 */
  'GET /t/{code}/files/{id}': {
    path: { code: string; id: string }
    query: undefined
    body: undefined
    answer: undefined
  }
  /** 追溯码的账本凭证 */
  'GET /t/{code}/proof': {
    path: { code: string }
    query: undefined
    body: undefined
    answer: undefined
  }
}
