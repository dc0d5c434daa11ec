const MINUTE = 60_000;
/** Minutes that are shown: at most, and at least, so that the first check-ins are a curve as well. */
const LONGEST = 60;
const SHORTEST = 10;
const LATEST = 10;

/** A session's check-ins: those in its summary, and those since. */
export class Figures {
  #total;
  #refused;
  #latest;
  /** Count by minute (epoch milliseconds of its beginning). */
  #perMinute;
  /** Those that are counted, as far back as the summary lists them; earlier ones are in its numbers. */
  #counted;
  #listedSince;
  /** Whether someone checked in before the summary's minutes. */
  #isOld;

  /** @param summary as `GET /sessions/:id/dashboard` answers it */
  constructor({ total, refused, per_minute, latest }) {
    this.#total = total;
    this.#refused = refused;
    this.#latest = latest;
    this.#perMinute = new Map(per_minute.map(({ minute, count }) => [Date.parse(minute), count]));
    this.#isOld = total > per_minute.reduce((sum, { count }) => sum + count, 0);
    this.#counted = new Set(latest.map(identity));
    this.#listedSince = latest.length < total + refused ? latest.at(-1).checkin_time : '';
  }

  get total() {
    return this.#total;
  }

  get refused() {
    return this.#refused;
  }

  /** The last attempts, the last first. */
  get latest() {
    return this.#latest;
  }

  /** Counts an attempt, unless it has been. */
  count(checkIn) {
    const { success, checkin_time: time } = checkIn;
    if (time < this.#listedSince || this.#counted.has(identity(checkIn))) return;
    this.#counted.add(identity(checkIn));
    this.#latest = [checkIn, ...this.#latest].toSorted(lastFirst).slice(0, LATEST);
    if (success) {
      const minute = beginning(Date.parse(time));
      this.#total++;
      this.#perMinute.set(minute, (this.#perMinute.get(minute) ?? 0) + 1);
    } else {
      this.#refused++;
    }
  }

  /** `[minute, count]` of each of the last minutes, up to the one that `now` is in; not of those before the first check-in. */
  minutes(now) {
    const minutes = [...this.#perMinute.keys()];
    const last = Math.max(beginning(now), ...minutes); // a screen's clock may be slow
    const begun = this.#isOld ? -Infinity : Math.min(...minutes);
    const first = Math.max(last - (LONGEST - 1) * MINUTE, Math.min(last - (SHORTEST - 1) * MINUTE, begun));
    return Array.from({ length: (last - first) / MINUTE + 1 }, (_, index) => {
      const minute = first + index * MINUTE;
      return [minute, this.#perMinute.get(minute) ?? 0];
    });
  }
}

/** What a check-in is known by: people may try again, but not at the same moment. */
export function identity({ user_id, checkin_time, success }) {
  return `${user_id} ${checkin_time} ${success}`;
}

function beginning(time) {
  return time - (time % MINUTE);
}

function lastFirst(one, other) {
  return one.checkin_time < other.checkin_time ? 1 : one.checkin_time > other.checkin_time ? -1 : 0;
}
