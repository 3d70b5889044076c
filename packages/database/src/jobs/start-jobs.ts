import type { Logger } from '@pika/shared';
import type { Database } from '../client.ts';
import { stopInTime } from '../stop-in-time.ts';
import { writerOf } from '../writer.ts';
import { openJobStore } from './job-store.ts';
import type { Job } from './job.ts';

export interface JobsOptions {
  /** How soon a due job is seen, at the latest. */
  pollMillis?: number;
  /** How often jobs are looked for whose process is silent past their time. */
  superviseSeconds?: number;
}

export interface Jobs {
  /** Takes nothing more, aborts the signals of what runs and waits for it, a second and a half at most. */
  stop(): Promise<void>;
}

const everySecondsMax = 86_400;
const firstRetrySeconds = 5;
/** The library gives a job to another after its timeout and this. */
const graceSeconds = 5;

/**
 * Runs each job every so many seconds, in one of all processes that were started with it, and never in two at once as
 * long as its run ends when its signal says so. A run that fails is logged and tried again after 5 to 10 seconds, 10 to
 * 20, 20 to 40 … until about the next is due; then it stays visible as failed and the next takes its turn. A run whose
 * process was killed is run again once its time is over. What is due while the database is away is done when it is back.
 */
export async function startJobs(
  database: Database,
  jobs: readonly Job[],
  log: Logger,
  { pollMillis = 5_000, superviseSeconds = 15 }: JobsOptions = {},
): Promise<Jobs> {
  const tooRare = jobs.find(({ everySeconds }) => everySeconds > everySecondsMax);
  if (tooRare) throw new Error(`job ${tooRare.name}: everySeconds is at most ${everySecondsMax}`);
  const store = openJobStore(writerOf(database).pool, log, superviseSeconds);
  const { boss } = store;
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const lastSlot = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const runs = new Set<AbortController>();
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;

  await boss.start();
  // Stately: of each job one waits, one waits to be tried again and one runs, at most.
  for (const { name } of jobs) await boss.createQueue(name, { name, policy: 'stately' });
  let polling = poll();

  async function poll(): Promise<void> {
    try {
      for (const job of jobs) await schedule(job);
      for (const name of await store.listDue([...byName.keys()].filter((each) => !running.has(each)))) {
        const job = byName.get(name);
        if (job) begin(job);
      }
    } catch (error) {
      log.error({ err: error }, 'jobs: what is due could not be looked up');
    }
    if (isStopping) return;
    timer = setTimeout(() => {
      polling = poll();
    }, pollMillis);
    timer.unref();
  }

  /** Once per interval some process adds the job, unless one still waits: at night nothing piles up. */
  async function schedule({ name, everySeconds, timeoutSeconds = 60 }: Job): Promise<void> {
    const slot = Math.floor(Date.now() / 1_000 / everySeconds);
    if (lastSlot.get(name) === slot) return;
    if ((await boss.getQueueSize(name, { before: 'active' })) === 0) {
      await boss.send(
        name,
        {},
        {
          singletonSeconds: everySeconds,
          expireInSeconds: timeoutSeconds + graceSeconds,
          retryLimit: retries(everySeconds),
          retryDelay: firstRetrySeconds,
          retryBackoff: true,
        },
      );
    }
    lastSlot.set(name, slot);
  }

  function begin(job: Job): void {
    if (isStopping) return;
    const done = take(job)
      .catch((error: unknown) =>
        log.error({ err: error, job: job.name }, 'jobs: one could not be taken, or its result not noted'),
      )
      .finally(() => running.delete(job.name));
    running.set(job.name, done);
  }

  async function take(job: Job): Promise<void> {
    const id = await store.take(job.name);
    if (id === null) return;
    const failure = await attempt(job);
    if (!failure) return boss.complete(job.name, id);
    log.error({ err: failure, job: job.name }, 'jobs: a run failed');
    // Not the error itself: the library would store all its fields.
    await boss.fail(job.name, id, { message: failure.message });
  }

  async function attempt(job: Job): Promise<Error | null> {
    const { timeoutSeconds = 60 } = job;
    const controller = new AbortController();
    const timeout = setTimeout(
      () => controller.abort(new Error(`took longer than ${timeoutSeconds} s`)),
      timeoutSeconds * 1_000,
    );
    runs.add(controller);
    try {
      await job.run(controller.signal);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      clearTimeout(timeout);
      runs.delete(controller);
    }
  }

  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      for (const controller of runs) controller.abort(new Error('the process is stopping'));
      const ended = polling
        .then(() => Promise.all(running.values()))
        .then(() => boss.stop({ graceful: false }))
        .then(() => store.idle());
      await stopInTime(ended);
    },
  };
}

/** As many doublings of the first wait as fit into the interval. */
const retries = (everySeconds: number) => Math.max(1, Math.ceil(Math.log2(everySeconds / firstRetrySeconds)));
