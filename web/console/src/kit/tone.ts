export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'idle'
