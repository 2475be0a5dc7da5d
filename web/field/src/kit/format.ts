export { bytes, clock, day, time, today } from '@console/kit/format'
