import { DataSource } from 'typeorm';
import type { TestServer } from './application.js';
import { Person } from './person.js';

/** Registers someone whom no test has met, and who is an admin; a role that nobody registers with. */
export async function registerAdmin(server: TestServer): Promise<Person> {
  const person = await Person.register(server);
  await server.app.get(DataSource).query(`UPDATE users SET role = 'admin' WHERE id = $1`, [person.id]);
  return person;
}
