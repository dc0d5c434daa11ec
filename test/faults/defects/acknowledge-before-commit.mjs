// The defect: messages are answered and published when they are inserted, and committed a moment later.
import 'reflect-metadata';
import { PreparedStatements } from '../../../dist/database/prepared.js';

const DELAY = 300;
// oxlint-disable-next-line typescript/unbound-method -- called with its object below
const { execute } = PreparedStatements.prototype;

PreparedStatements.prototype.execute = async function (statement, values) {
  if (statement.name !== 'insert_messages') return execute.call(this, statement, values);
  const client = await this.dataSource.driver.master.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query({ ...statement, values });
    const release = () => client.release();
    setTimeout(() => client.query('COMMIT').then(release, release), DELAY);
    return rows;
  } catch (error) {
    client.release(error);
    throw error;
  }
};
