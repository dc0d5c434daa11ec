/** Why something was refused. Each kind is one HTTP status; each edge puts it into its own form. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'internal'
  | 'unavailable';

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
};

/** A refusal that its cause may read: `code` is stable, `message` is for people. */
export class DomainError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    /** One sentence, or a list of what was wrong field by field. */
    readonly detail: string | readonly string[],
  ) {
    super(typeof detail === 'string' ? detail : detail.join('; '));
  }

  get status(): number {
    return STATUS[this.kind];
  }
}

export const invalid = (detail: string | readonly string[], code = 'invalid'): DomainError =>
  new DomainError('invalid', code, detail);

export const unauthenticated = (detail = 'Valid credentials are required'): DomainError =>
  new DomainError('unauthenticated', 'unauthenticated', detail);

export const forbidden = (detail = 'You may not do that', code = 'forbidden'): DomainError =>
  new DomainError('forbidden', code, detail);

/** Also for what exists but is not the asker's to know of: the two answers must not differ. */
export const notFound = (what: string): DomainError => new DomainError('not_found', 'not_found', `${what} not found`);

export const conflict = (detail: string, code = 'conflict'): DomainError => new DomainError('conflict', code, detail);

export const rateLimited = (detail = 'Too many requests, slow down'): DomainError =>
  new DomainError('rate_limited', 'rate_limited', detail);

export const unavailable = (detail = 'The service is not available, try again'): DomainError =>
  new DomainError('unavailable', 'unavailable', detail);

/** What `error` may be told to the one who caused it: itself when it is a refusal, otherwise nothing of it. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return isConnectionLoss(error) ? unavailable() : new DomainError('internal', 'internal', 'Something went wrong');
}

/**
 * Classes of PostgreSQL's codes, and the system's, that say "not now" rather than "not so": connections lost, refused or not
 * allowed, resources used up, the server stopping or starting or a standby, transactions that others got in the way of, and
 * the end of a timeout.
 */
const LOSS =
  /^(08|25006|25P03|28|3D|40|53|55P03|57014|57P|ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN)/;

/** What the driver and the ORM say of it without a code. */
const LOSS_MESSAGE =
  /^Connection terminated|^timeout exceeded when trying to connect|^Query read timeout|^Client .* is not queryable|^Query runner already released|^Cannot use a pool after calling end/;

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && LOSS.test(code)) return true;
  return LOSS_MESSAGE.test(error.message) || isConnectionLoss(driverError);
}
