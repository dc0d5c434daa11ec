import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { newId } from '../common/ids.js';
import { CreateNotificationDto, NotificationsQuery } from './notifications.dto.js';

const GOOD = { user_id: newId(), type: 'new_comment', title: 'A comment', message: 'Bob wrote: hello' };

function problemsOf(given: object): string[] {
  const errors = validateSync(plainToInstance(CreateNotificationDto, { ...GOOD, ...given }));
  return errors.map(({ property }) => property);
}

describe('CreateNotificationDto', () => {
  it.each([
    {},
    { user_id: 42 },
    { type: 'A-z_0.9' },
    { type: 'x'.repeat(64) },
    { title: '🔔'.repeat(200) },
    { message: 'x'.repeat(2000) },
    { link: null },
    { link: '/path/to/content' },
  ])('takes %j', (given) => expect(problemsOf(given)).toEqual([]));

  it('takes the space off the ends of texts', () => {
    const dto = plainToInstance(CreateNotificationDto, { ...GOOD, title: ' a ', message: '\nb\n', link: ' /c ' });
    expect(dto).toMatchObject({ title: 'a', message: 'b', link: '/c' });
  });

  it.each([
    { user_id: undefined },
    { user_id: 'ada' },
    { type: undefined },
    { type: '' },
    { type: 'new comment' },
    { type: 'message\n' },
    { type: 'x'.repeat(65) },
    { type: ['message'] },
    { title: ' ' },
    { title: 'x'.repeat(201) },
    { message: null },
    { message: 'x'.repeat(2001) },
    { message: 'a\0b' },
    { link: '' },
    { link: 7 },
    { link: `/${'x'.repeat(2000)}` },
    { link: '/\ud83d' },
  ])('refuses %j', (given) => expect(problemsOf(given)).toEqual(Object.keys(given)));
});

const read = (query: object) => plainToInstance(NotificationsQuery, query);

describe('NotificationsQuery', () => {
  it.each([
    [{}, undefined],
    [{ unread: 'true' }, true],
    [{ unread: 'false' }, false],
  ])('reads %j', (query, unread) => {
    expect(read(query).unread).toBe(unread);
    expect(validateSync(read(query))).toEqual([]);
  });

  it.each(['', '1', 'yes', 'TRUE', ['true', 'true']])('refuses unread=%j', (unread) => {
    expect(validateSync(read({ unread }))).toHaveLength(1);
  });
});
