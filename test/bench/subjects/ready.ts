import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebSocket } from 'ws';

/** Tells the benchmark where the server listens, as Parlance does in its log. */
export function tellReady(server: Pick<Server, 'address'>): void {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ urls: [`http://0.0.0.0:${port}`], msg: 'ready' })}\n`);
}

/** Who is where, by the address that a client connects with. */
export class Groups<Member> {
  private readonly groups = new Map<string, Set<Member>>();

  /** @returns the group that a member is in from now on */
  join(name: string, member: Member): Set<Member> {
    let group = this.groups.get(name);
    if (!group) {
      group = new Set();
      this.groups.set(name, group);
    }
    group.add(member);
    return group;
  }
}

/** What the address says. */
export function seatOf({ url = '/' }: Pick<IncomingMessage, 'url'>): { group: string; user: string } {
  const { searchParams } = new URL(url, 'http://localhost');
  return { group: searchParams.get('group') ?? '', user: searchParams.get('user') ?? '' };
}

/** Has a member leave its group when its socket closes. */
export function leaveOnClose(group: Set<WebSocket>, socket: WebSocket): void {
  socket.on('close', () => group.delete(socket)).on('error', () => {});
}
