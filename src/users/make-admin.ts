import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { DataSource } from 'typeorm';
import { processEnvironment } from '../config/env.js';
import { DatabaseSettings } from '../config/settings.js';
import { DatabaseConnection } from '../database/connection.js';
import { migrate } from '../database/migrate.js';
import { CredentialsDto } from './credentials.dto.js';
import { hashPassword } from './passwords.js';
import { withNames } from './registration.js';
import { UserEntity } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

const USAGE = 'usage: npm run user:admin -- EMAIL PASSWORD';

/** `npm run user:admin -- EMAIL PASSWORD`: makes an administrator, whether or not a server is running. */
async function main(words: readonly string[]): Promise<string> {
  const { email, password } = await credentialsIn(words);
  const passwordHash = await hashPassword(password);
  const connection = await DatabaseConnection.join(new DatabaseSettings(processEnvironment()));
  try {
    const dataSource = await new DataSource({ ...connection.unhurried, entities: [UserEntity] }).initialize();
    try {
      await migrate(dataSource);
      const users = new UsersRepository(dataSource.getRepository(UserEntity));
      await users.upsertAdmin(withNames({ email, passwordHash, role: 'admin' }));
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await connection.release();
  }
  return `${email} is an administrator`;
}

async function credentialsIn([email, password, ...rest]: readonly string[]): Promise<CredentialsDto> {
  if (email === undefined || password === undefined || rest.length > 0) throw new Error(USAGE);
  const credentials = plainToInstance(CredentialsDto, { email, password });
  const problems = await validate(credentials);
  if (problems.length > 0) {
    throw new Error(problems.flatMap(({ constraints }) => Object.values(constraints ?? {})).join(', '));
  }
  return credentials;
}

/** The first line of what went wrong; some of the system's errors have a code and no message. */
function lineOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message?.split('\n', 1)[0] || code || 'something went wrong';
}

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${lineOf(error)}\n`);
  process.exitCode = 1;
}
