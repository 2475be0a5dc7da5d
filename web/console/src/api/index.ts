export * from './http'
export * from './send'
export * from './types'
