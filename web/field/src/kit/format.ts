export { amount, amountWithUnit, bytes, clock, day, parseAmount, time, today, unitName } from '@console/kit/format'
