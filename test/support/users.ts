import request from 'supertest';
import type { TestServer } from './server.js';

/** A user as `GET /auth/me` shows it. */
export interface TestUser {
  readonly id: string;
  readonly number: number;
  readonly email: string;
  readonly username: string;
  readonly full_name: string;
  readonly profile_image_url: string | null;
  readonly role: string;
  readonly created_at: string;
}

/** A user who has just registered, and its tokens. */
export interface Registered {
  readonly user: TestUser;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export const PASSWORD = 'correct horse battery staple';

let people = 0;

/** Registers a new user; `overrides` are fields of the request. */
export async function register(server: Pick<TestServer, 'url'>, overrides: object = {}): Promise<Registered> {
  const { body } = await request(server.url)
    .post('/api/v1/auth/register')
    .send({ email: `person-${++people}@example.com`, password: PASSWORD, ...overrides })
    .expect(201);
  const { user, access_token, refresh_token } = body as { user: TestUser; access_token: string; refresh_token: string };
  return { user, accessToken: access_token, refreshToken: refresh_token };
}
