/** Which parts of the edge a server has. */
export interface Parts {
  limits: 'memory' | 'redis' | 'off';
  origins: boolean;
  metrics: boolean;
  log: boolean;
  tracing: boolean;
}

export interface Variant {
  id: string;
  label: string;
  parts: Parts;
}

const all: Parts = { limits: 'memory', origins: true, metrics: true, log: true, tracing: false };

export const everything: Variant = { id: 'all', label: 'everything, as the apps run', parts: all };

export const nothing: Variant = {
  id: 'none',
  label: 'without all of these',
  parts: { limits: 'off', origins: false, metrics: false, log: false, tracing: false },
};

export const withoutOne: readonly Variant[] = [
  { id: 'limits', label: 'without limits', parts: { ...all, limits: 'off' } },
  { id: 'origins', label: 'without CORS', parts: { ...all, origins: false } },
  { id: 'metrics', label: 'without metrics', parts: { ...all, metrics: false } },
  { id: 'log', label: 'without the line in the log', parts: { ...all, log: false } },
];

export const redisLimits: Variant = {
  id: 'redis',
  label: 'limits counted in Redis',
  parts: { ...all, limits: 'redis' },
};

export const traced: Variant = { id: 'tracing', label: 'every request traced', parts: { ...all, tracing: true } };
