export type EngineSettings = { dataDir: string | null; template: string | null; maxConnections: number };

export type ParentMessage = { type: 'stop' } | { type: 'renew' } | { type: 'dump'; file: string };

export type ChildMessage =
  | { type: 'ready'; url: string; isNew: boolean }
  | { type: 'in_use' }
  | { type: 'failed'; message: string }
  | { type: 'dumped' };
