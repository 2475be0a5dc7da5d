/** A small table as a file for other programs: UTF-8 with a mark, so that spreadsheets read Chinese. */
export function saveCsv(name: string, head: string[], rows: string[][]): void {
  // what looks like a formula stays text
  const cell = (t: string): string => `"${(/^[=@]|^[+-](?!\d+$)/.test(t) ? `'${t}` : t).replaceAll('"', '""')}"`
  const text = `\ufeff${[head, ...rows].map((r) => r.map(cell).join(',')).join('\r\n')}\r\n`
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
