// Types of the API from openapi.json: `npm run api [-- path/to/openapi.json]` writes src/api/schema.ts.
// Schemas become interfaces, operations become one table of path, query, body and answer.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const input = process.argv[2] ?? fileURLToPath(new URL('../../openapi.json', root))
if (!existsSync(input)) {
  console.error(`no ${input}: let the server write it first (cargo xtask openapi)`)
  process.exit(1)
}
const doc = JSON.parse(readFileSync(input, 'utf8'))
const word = (name) => name.replace(/[^A-Za-z0-9_]/g, '_')
const quote = (s) => `'${String(s).replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name))

function note(text, pad = '') {
  return text ? `${pad}/** ${text.replace(/\*\//g, '* /').replace(/\s*\n\s*/g, ' ').trim()} */\n` : ''
}
function type(s, pad = '') {
  if (s === undefined || s === true) return 'unknown'
  if (s === false) return 'never'
  if (s.$ref) return word(s.$ref.split('/').pop())
  if ('const' in s) return typeof s.const === 'string' ? quote(s.const) : String(s.const)
  if (s.enum) return s.enum.map((v) => (typeof v === 'string' ? quote(v) : String(v))).join(' | ')
  const many = s.anyOf ?? s.oneOf
  if (many) return [...new Set(many.map((m) => type(m, pad)))].join(' | ')
  if (s.allOf) return s.allOf.map((m) => type(m, pad)).join(' & ')
  if (Array.isArray(s.type)) return [...new Set(s.type.map((t) => type({ ...s, type: t }, pad)))].join(' | ')
  switch (s.type) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array': {
      if (s.prefixItems) return `[${s.prefixItems.map((i) => type(i, pad)).join(', ')}]`
      const item = type(s.items, pad)
      return /[|&]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
    }
    default:
      return object(s, pad)
  }
}
function object(s, pad) {
  const inner = `${pad}  `
  const lines = Object.entries(s.properties ?? {}).map(([name, p]) => `${note(p.description, inner)}${inner}${key(name)}${(s.required ?? []).includes(name) ? '' : '?'}: ${type(p, inner)}`)
  if (s.additionalProperties && s.additionalProperties !== true) lines.push(`${inner}[key: string]: ${type(s.additionalProperties, inner)}`)
  return lines.length ? `{\n${lines.join('\n')}\n${pad}}` : 'Record<string, unknown>'
}
function params(op, shared, where) {
  const list = [...shared, ...(op.parameters ?? [])].map((p) => (p.$ref ? doc.components.parameters[p.$ref.split('/').pop()] : p)).filter((p) => p.in === where)
  return list.length ? `{ ${list.map((p) => `${key(p.name)}${p.required ? '' : '?'}: ${type(p.schema)}`).join('; ')} }` : 'undefined'
}
const media = (content) => content?.['application/json']?.schema ?? content?.['application/problem+json']?.schema
function answer(op) {
  const ok = Object.entries(op.responses ?? {}).find(([status]) => status.startsWith('2'))
  const schema = ok && media(ok[1].content)
  return schema ? type(schema, '    ') : 'undefined'
}
function operations() {
  return Object.entries(doc.paths ?? {}).flatMap(([path, item]) =>
    ['get', 'post', 'put', 'patch', 'delete'].filter((m) => item[m]).map((m) => {
      const op = item[m]
      const shared = item.parameters ?? []
      const body = media(op.requestBody?.content)
      return `${note(op.summary, '  ')}  ${quote(`${m.toUpperCase()} ${path}`)}: {\n    path: ${params(op, shared, 'path')}\n    query: ${params(op, shared, 'query')}\n    body: ${body ? type(body, '    ') : 'undefined'}\n    answer: ${answer(op)}\n  }`
    }),
  )
}
const schemas = Object.entries(doc.components?.schemas ?? {}).map(([name, s]) => `${note(s.description)}export type ${word(name)} = ${type(s)}\n`)
const text = `// Made by scripts/api-types.mjs from openapi.json; do not edit.\n\n${schemas.join('\n')}\nexport interface ApiContract {\n${operations().join('\n')}\n}\n`
writeFileSync(new URL('src/api/schema.ts', root), text)
console.log(`src/api/schema.ts: ${schemas.length} types, ${operations().length} operations`)
