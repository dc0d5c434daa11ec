import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { conflict, invalid, notFound, toDomainError } from './errors.js';

const failure = (properties: object) => Object.assign(new Error('the database said so'), properties);

describe('toDomainError', () => {
  it('gives a refusal as it is', () => {
    const refusal = conflict('The e-mail address is taken');
    expect(toDomainError(refusal)).toBe(refusal);
  });

  it.each([
    failure({ code: 'ECONNREFUSED' }),
    failure({ code: '57P01' }),
    failure({ code: '53300' }),
    failure({ code: '08006' }),
    failure({ code: '57014' }),
    failure({ code: '25P03' }),
    failure({ code: '25006' }),
    failure({ code: '28P01' }),
    failure({ code: '40P01' }),
    failure({ code: 'ETIMEDOUT' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Connection terminated due to connection timeout'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
    new Error('Client has encountered a connection error and is not queryable'),
    new QueryRunnerAlreadyReleasedError(),
    new QueryFailedError('SELECT 1', [], failure({ code: '57P03' })),
  ])('says of a lost database to try again (%#)', (error) => {
    expect(toDomainError(error)).toMatchObject({ kind: 'unavailable', status: 503 });
  });

  it.each([failure({ code: '23505' }), new TypeError('x is undefined'), 'thrown text', undefined])(
    'tells nothing of what is our fault (%#)',
    (error) => {
      expect(toDomainError(error)).toMatchObject({ status: 500, detail: 'Something went wrong' });
    },
  );
});

describe('a refusal', () => {
  it('reads as one line, also where it lists what was wrong', () => {
    expect(invalid(['a is missing', 'b is too long']).message).toBe('a is missing; b is too long');
  });

  it('says alike of what does not exist and of what may not be known', () => {
    expect(notFound('Conversation')).toMatchObject({ status: 404, detail: 'Conversation not found' });
  });
});
