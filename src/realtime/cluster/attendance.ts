import { Injectable } from '@nestjs/common';
import { Connections } from '../connections.js';
import { Attendance, Roster, type RosterList } from '../ports.js';

/** Who is connected to any of the nodes. */
@Injectable()
export class ClusterAttendance extends Attendance {
  /** How many connections a user has to a node. */
  private readonly users: RosterList<number>;

  constructor(connections: Connections, roster: Roster) {
    super();
    this.users = roster.list('users');
    connections.onChange((userId, count) => {
      if (count > 0) this.users.set(userId, count);
      else this.users.delete(userId);
    });
  }

  isConnected(userId: string): boolean {
    return this.users.of(userId).size > 0;
  }

  connectionsOf(userId: string): number {
    let count = 0;
    for (const ofNode of this.users.of(userId).values()) count += ofNode;
    return count;
  }

  onDeparture(listener: (userId: string) => void): void {
    this.users.watch(({ key, value }) => {
      if (value === undefined && !this.isConnected(key)) listener(key);
    });
  }
}
