import { isTime } from '../common/pagination.js';

/** Whether it is a day that there is, in ISO 8601. */
export function isDay(value: unknown): value is string {
  return typeof value === 'string' && isTime(`${value}T00:00:00.000Z`);
}
