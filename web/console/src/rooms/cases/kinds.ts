/** What a room brings to the page of a case of its kind. The page works for every kind without. */
import { defineAsyncComponent, type Component } from 'vue'

export interface KindPage {
  /** Beside the case: what the room knows of it. Gets `id`, `view` and `seq`, which changes with each act. */
  panel?: Component
  /** A form's field of kind `ids`: gets `case-id`, `since` (the last step), `action`, `field`, `label`, `invalid`, and a model of ids. */
  ids?: Component
  /** Fields that the room shows in its own way, by their code: get `label`, `bind`, and a model. */
  fields?: Record<string, Component>
  /** Where the list of these cases is. */
  list?: { to: string; name: string }
  /** The room's own page of one. */
  page?: (id: string) => string
}

const enforcement: KindPage = {
  panel: defineAsyncComponent(() => import('../enforcement/EnforcementPanel.vue')),
  ids: defineAsyncComponent(() => import('../enforcement/ListField.vue')),
  fields: { article: defineAsyncComponent(() => import('../enforcement/ArticleField.vue')) },
  list: { to: '/enforcement', name: '案件' },
}
const measure: KindPage = {
  panel: defineAsyncComponent(() => import('../enforcement/MeasurePanel.vue')),
  list: { to: '/enforcement', name: '案件' },
}

export const KINDS: Record<string, KindPage> = {
  case: enforcement,
  case_simple: enforcement,
  preserve: measure,
  seize: measure,
  finding: {
    panel: defineAsyncComponent(() => import('../findings/FindingPanel.vue')),
    ids: defineAsyncComponent(() => import('../findings/EvidenceField.vue')),
    list: { to: '/findings', name: '问题' },
  },
  inspection: { list: { to: '/visits', name: '监督检查' }, page: (id) => `/visits/${id}` },
  site_check: { list: { to: '/visits', name: '监督检查' }, page: (id) => `/visits/${id}` },
  rapid: { list: { to: '/rapid/positives', name: '快检阳性' }, page: (id) => `/rapid/positives/${id}` },
  recall: { list: { to: '/recalls', name: '召回' }, page: (id) => `/recalls/${id}` },
  sample: {
    ids: defineAsyncComponent(() => import('../sampling/FailedItems.vue')),
    list: { to: '/samples', name: '抽样检验' },
    page: (id) => `/samples/${id}`,
  },
  permit: { list: { to: '/permits', name: '许可备案' }, page: (id) => `/permits/${id}` },
  permit_filing: { list: { to: '/permits', name: '许可备案' }, page: (id) => `/permits/${id}` },
}
