import type { Client } from 'pg';

/** A node of EXPLAIN (FORMAT JSON), as far as the tests look at it. */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Alias?: string;
  'Order By'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

export interface Plan {
  query: string;
  /** All nodes, the outermost first. */
  nodes: PlanNode[];
}

/** Records the plan of every statement that runs on this connection, those inside functions too, until `stop`. */
export async function recordPlans(client: Client): Promise<{ take: () => Plan[]; stop: () => void }> {
  let plans: Plan[] = [];
  const listen = ({ message = '' }: { message?: string | undefined }) => {
    const json = /plan:\s*(\{[\s\S]*\})/.exec(message)?.[1];
    if (json === undefined) return;
    const { 'Query Text': query, Plan: root } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode };
    plans.push({ query, nodes: flatten(root) });
  };
  client.on('notice', listen);
  await client.query(`
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = 0;
    SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_format = json;
    SET client_min_messages = log`);
  return {
    take: () => {
      const taken = plans;
      plans = [];
      return taken;
    },
    stop: () => client.off('notice', listen),
  };
}

const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];

/** What reads a table or an index of it. */
export const scansOf = (plans: readonly Plan[], table: string): PlanNode[] =>
  plans.flatMap(({ nodes }) => nodes).filter((node) => node['Relation Name'] === table);

/** The names of tables that are read from end to end. */
export const readWhole = (plans: readonly Plan[]): string[] => [
  ...new Set(
    plans.flatMap(({ nodes }) =>
      nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [])),
    ),
  ),
];
