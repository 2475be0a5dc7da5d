/** The record on paper, as the phone can write it before the server has given it a number: for the print dialog, and as a picture for receipt printers. */
import { clock, day } from '@/kit/format'
import { encode } from 'uqr'
import { line } from './exam'
import { bad, answered, failed, type VisitDraft } from './visitDraft'
import { SEVERITIES } from './words'

export interface Line {
  text: string
  big?: boolean
  bold?: boolean
  middle?: boolean
}
export const answerUrl = (d: VisitDraft): string => d.pack.answer_url + d.pack.visit.code

export function lines(d: VisitDraft, ended_at: number): Line[] {
  const found = bad(d)
  const out: Line[] = [
    { text: '监督检查结果记录', big: true, bold: true, middle: true },
    { text: '（现场打印，文书号待上传后生成）', middle: true },
    { text: `被检查单位：${d.pack.business.name}` },
    { text: `地址：${d.pack.business.address}` },
    { text: `检查类型：${d.pack.kind.name}　编号：${d.pack.visit.number}` },
    { text: `时间：${day(d.started_at)} ${clock(d.started_at)} 至 ${clock(ended_at)}` },
    { text: `检查人员：${d.pack.visit.officers.map((o) => o.name).join('、')}` },
    { text: `检查表：${d.pack.checklist.name} 第 ${d.pack.checklist.version} 版，共查 ${answered(d)} 项` },
    { text: found.length ? `结果：发现 ${found.length} 项不符合` : failed(d).length ? '结果：发现问题' : '结果：未发现问题', bold: true },
  ]
  for (const { item, a } of found) {
    const way = a.severity === 'serious' ? '转调查处理' : a.on_the_spot ? '已当场改正' : `责令 ${a.due || d.due} 前改正`
    out.push({ text: `${item.code} ${a.note}（${SEVERITIES[a.severity]}，${way}）` })
  }
  const exam = d.pack.exam
  if (exam) for (const e of (d.exams ?? []).filter((x) => x.ended_at)) out.push({ text: `监督抽考：${line(exam, e)}` })
  if (failed(d).length) out.push({ text: `抽考不合格的，责令 ${d.due} 前培训并补考，合格前不得从事食品安全管理` })
  if (d.opinion.trim()) out.push({ text: `检查意见：${d.opinion.trim()}` })
  out.push({ text: d.refused ? `被检查单位拒签：${d.refusal.reason}；见证人 ${d.refusal.witness}` : `被检查单位签字人：${d.business.name}（${d.business.post}）` })
  return out
}
/** Dots across: 58 mm paper has 384, 80 mm 576. */
export const DOTS = { 58: 384, 80: 576 } as const

/**
 * A picture in place of text: what a printer shows then does not hang on its character set. `GS v 0` in bands of 64 rows, as the
 * server prints its codes.
 */
export function raster(list: Line[], url: string, width: 58 | 80): Uint8Array<ArrayBuffer> {
  const canvas = draw(list, url, DOTS[width])
  const c = canvas.getContext('2d')
  if (!c) throw new Error('no canvas')
  const row = canvas.width / 8
  const parts: number[] = [0x1b, 0x40]
  for (let top = 0; top < canvas.height; top += 64) {
    const height = Math.min(64, canvas.height - top)
    const { data } = c.getImageData(0, top, canvas.width, height)
    parts.push(0x1d, 0x76, 0x30, 0, row & 255, row >> 8, height & 255, height >> 8)
    for (let i = 0; i < row * height; i += 1) {
      let byte = 0
      for (let bit = 0; bit < 8; bit += 1) if ((data[(i * 8 + bit) * 4] ?? 255) < 140) byte |= 128 >> bit
      parts.push(byte)
    }
  }
  parts.push(0x1b, 0x64, 4, ...(width === 80 ? [0x1d, 0x56, 66, 0] : []))
  return Uint8Array.from(parts)
}
function draw(list: Line[], url: string, dots: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  const probe = canvas.getContext('2d')
  if (!probe) throw new Error('no canvas')
  const rows = list.flatMap((l) => broken(probe, l, dots))
  const code = encode(url, { ecc: 'M', border: 4 })
  const dot = Math.max(2, Math.floor((dots * 0.6) / code.size))
  canvas.width = dots
  canvas.height = rows.reduce((n, r) => n + high(r), 0) + code.size * dot + 40
  const c = canvas.getContext('2d', { willReadFrequently: true })
  if (!c) throw new Error('no canvas')
  c.fillStyle = '#fff'
  c.fillRect(0, 0, canvas.width, canvas.height)
  c.fillStyle = '#000'
  c.textBaseline = 'top'
  let y = 0
  for (const r of rows) {
    c.font = font(r)
    c.fillText(r.text, r.middle ? (dots - c.measureText(r.text).width) / 2 : 0, y + 2)
    y += high(r)
  }
  const left = Math.floor((dots - code.size * dot) / 2)
  code.data.forEach((line, cy) => line.forEach((dark, cx) => dark && c.fillRect(left + cx * dot, y + cy * dot, dot, dot)))
  c.font = font({ text: '' })
  const say = '扫码查看结果、提交整改'
  c.fillText(say, (dots - c.measureText(say).width) / 2, y + code.size * dot + 4)
  return canvas
}
const font = (l: Line): string => `${l.bold ? 'bold ' : ''}${l.big ? 34 : 24}px sans-serif`
const high = (l: Line): number => (l.big ? 44 : 32)
function broken(c: CanvasRenderingContext2D, l: Line, dots: number): Line[] {
  c.font = font(l)
  const out: Line[] = []
  let text = ''
  for (const ch of l.text) {
    if (c.measureText(text + ch).width > dots) {
      out.push({ ...l, text })
      text = ''
    }
    text += ch
  }
  return [...out, { ...l, text }]
}
