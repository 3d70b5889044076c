import type { Scenario } from '../nearby/scenarios.ts';
import { closedLoop, Measured, type LoadPart } from './measure.ts';
import { WireClient } from './wire-client.ts';

/** Some connections on which every statement is prepared; scenarios are asked on the first n of them. */
export class DatabaseLoad {
  readonly #clients: WireClient[];
  readonly #turns = new Map<string, number>();
  readonly #measured = new Map<string, Measured>();

  private constructor(clients: WireClient[]) {
    this.#clients = clients;
  }

  static async connect(url: string, statements: readonly string[], clientCount: number): Promise<DatabaseLoad> {
    const clients = Array.from({ length: clientCount }, () => WireClient.connect(url, statements));
    return new DatabaseLoad(await Promise.all(clients));
  }

  /** Asks the questions of a scenario for some seconds, going on where it stopped the last time. */
  async run({ id, calls }: Scenario, clientCount: number, seconds: number): Promise<LoadPart> {
    const lanes = this.#clients.slice(0, clientCount).map((client) => async () => {
      const turn = this.#turns.get(id) ?? 0;
      this.#turns.set(id, turn + 1);
      const call = calls[turn % calls.length];
      if (call === undefined) throw new Error(`${id}: no call`);
      return (await client.call(call)).bytes;
    });
    return closedLoop(seconds, lanes);
  }

  /** The same, kept under the scenario's id and the number of clients. */
  async measure(scenario: Scenario, clientCount: number, seconds: number): Promise<Measured> {
    const key = `${scenario.id}@${clientCount}`;
    const measured = this.#measured.get(key) ?? new Measured();
    this.#measured.set(key, measured);
    measured.add(await this.run(scenario, clientCount, seconds));
    return measured;
  }

  result(id: string, clientCount: number): Measured | undefined {
    return this.#measured.get(`${id}@${clientCount}`);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}
