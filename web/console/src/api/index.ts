export * from './http'
export * from './types'
