import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { newId } from '../common/ids.js';
import { CheckInDto, CreateSessionDto } from './check-ins.dto.js';

function problemsOf(dto: object): string[] {
  return validateSync(dto).flatMap(({ constraints }) => Object.values(constraints ?? {}));
}

const session = (given: object) => plainToInstance(CreateSessionDto, { title: 'Opening', ...given });

describe('CreateSessionDto', () => {
  it('lets everyone watch and knows no time unless it is told', () => {
    expect(session({})).toEqual({ title: 'Opening', dashboard_access: 'public' });
    expect(problemsOf(session({}))).toEqual([]);
  });

  it.each([
    ['2026-11-05T18:30:00Z', '2026-11-05T18:30:00.000Z'],
    ['2026-11-05T18:30:00.5+02:00', '2026-11-05T16:30:00.500Z'],
    ['2028-02-29T00:00:00-11:30', '2028-02-29T11:30:00.000Z'],
  ])('reads the time %s', (starts_at, iso) => {
    expect(session({ starts_at }).starts_at).toEqual(new Date(iso));
    expect(problemsOf(session({ starts_at }))).toEqual([]);
  });

  it.each([
    '',
    'tomorrow',
    '2026-11-05',
    '2026-11-05T18:30:00',
    '2026-02-29T18:30:00Z',
    '2026-11-05T24:00:00Z',
    '2026-11-05T18:30:60Z',
    '2026-W45-4T18:30:00Z',
    '+002026-11-05T18:30:00Z',
    '2026-11-05T18:30:00Z\n',
    1_790_000_000_000,
    ['2026-11-05T18:30:00Z'],
    {},
  ])('refuses the time %j', (starts_at) => {
    expect(problemsOf(session({ starts_at }))).toEqual(['starts_at must be a time such as 2026-11-05T18:30:00Z']);
  });

  it.each([{ title: '' }, { title: ' ' }, { title: 'x'.repeat(201) }, { title: null }, { title: 'a\0b' }])(
    'refuses %j',
    (given) => expect(problemsOf(session(given))).toEqual(['title must be text of 1 to 200 characters']),
  );

  it.each(['private', '', null, 1])('refuses the dashboard access %j', (dashboard_access) => {
    expect(problemsOf(session({ dashboard_access }))).toHaveLength(1);
  });
});

describe('CheckInDto', () => {
  it.each([undefined, null, newId(), newId().toUpperCase(), 42, '42'])('takes the user %j', (user_id) => {
    expect(problemsOf(plainToInstance(CheckInDto, { user_id }))).toEqual([]);
  });

  it.each(['', 'ada', 0, -1, 1.5, 2 ** 31, '042', `${newId()}\n`, [newId()], {}, true])(
    'refuses the user %j',
    (user_id) => {
      expect(problemsOf(plainToInstance(CheckInDto, { user_id }))).toEqual(["user_id must be a user's id or number"]);
    },
  );
});
