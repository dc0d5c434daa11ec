import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { poolOf } from '../database/prepared.js';
import type { Instruments, MetricGroup } from './instruments.js';

/** This node's connections to the database. */
@Injectable()
export class DatabaseMetrics implements MetricGroup {
  constructor(private readonly dataSource: DataSource) {}

  define(instruments: Instruments): void {
    const pool = poolOf(this.dataSource);
    instruments.gauge(
      'parlance_database_connections',
      'Connections to the database, by whether they are at work.',
      () => [
        [{ state: 'busy' }, pool.totalCount - pool.idleCount],
        [{ state: 'idle' }, pool.idleCount],
      ],
      ['state'],
    );
    instruments.gauge(
      'parlance_database_connections_limit',
      'Connections to the database that this node may have.',
      () => pool.options.max,
    );
    instruments.gauge(
      'parlance_database_waiting',
      'Requests that wait for a connection to the database.',
      () => pool.waitingCount,
    );
  }
}
