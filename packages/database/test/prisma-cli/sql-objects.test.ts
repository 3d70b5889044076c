import { describe, expect, it } from 'vitest';
import {
  inOrder,
  installedSqlObjects,
  planObjectChanges,
  sqlObjectsInMigrations,
  type SqlObject,
} from '../../src/prisma-cli/sql-objects.ts';

function sqlFunction(name: string, body: string, returns = 'integer'): SqlObject {
  const text = `-- drop: DROP FUNCTION a.${name}();\nCREATE OR REPLACE FUNCTION a.${name}() RETURNS ${returns} LANGUAGE sql AS $$ ${body} $$;`;
  return { path: `sql/a/${name}.sql`, text };
}

const asMigration = ({ path, text }: SqlObject) => ({ up: `-- ${path}\n${text}\n-- end\n` });

describe('what migrations install', () => {
  it('is the last text of each object that was not removed', () => {
    const [old, fresh, gone] = [
      sqlFunction('f', 'SELECT 1'),
      sqlFunction('f', 'SELECT 2'),
      sqlFunction('g', 'SELECT 3'),
    ];
    const removal = { up: `DROP FUNCTION a.g();\n-- removed ${gone.path}\n` };
    const installed = installedSqlObjects([asMigration(old), asMigration(gone), asMigration(fresh), removal]);
    expect([...installed]).toEqual([[fresh.path, fresh.text]]);
  });

  it('is compared with the sources in both directions', () => {
    const [old, fresh] = [sqlFunction('f', 'SELECT 1'), sqlFunction('f', 'SELECT 2')];
    const [gone, added] = [sqlFunction('gone', 'SELECT 1'), sqlFunction('added', 'SELECT 1')];
    const migrations = [old, gone].map((object) => ({
      ...asMigration(object),
      name: '',
      down: null,
      data: null,
      checksum: '',
    }));
    expect(sqlObjectsInMigrations(migrations, [old, gone])).toEqual([]);
    expect(sqlObjectsInMigrations(migrations, [fresh, added])).toEqual([
      'sql/a/f.sql differs from what the migrations install',
      'sql/a/added.sql is in no migration',
      'sql/a/gone.sql is installed by a migration but has no source',
    ]);
  });

  it('refuses a copy without an end', () => {
    expect(() => installedSqlObjects([{ up: '-- sql/a/f.sql\nSELECT 1;\n' }])).toThrow('sql/a/f.sql has no `-- end`');
  });
});

describe('the order of installation', () => {
  it('puts what is named first, then the alphabet, triggers last', () => {
    const trigger = {
      path: 'sql/a/a_trigger.sql',
      text: 'CREATE TRIGGER t AFTER INSERT ON a.t EXECUTE FUNCTION a.z();',
    };
    const objects = [
      trigger,
      sqlFunction('b', 'SELECT a.z()'),
      sqlFunction('z', 'SELECT 1'),
      sqlFunction('c', 'SELECT 1'),
    ];
    expect(inOrder(objects).map(({ path }) => path)).toEqual([
      'sql/a/z.sql',
      'sql/a/b.sql',
      'sql/a/c.sql',
      'sql/a/a_trigger.sql',
    ]);
  });

  it('obeys an `after` line and survives circles', () => {
    const first = sqlFunction('a', 'SELECT a.b()');
    const second = sqlFunction('b', 'SELECT a.a()');
    const last = { path: 'sql/a/aa.sql', text: '-- drop: x\n-- after: a/b\nCREATE VIEW a.aa AS SELECT 1;' };
    expect(inOrder([last, first, second]).map(({ path }) => path)).toEqual([
      'sql/a/b.sql',
      'sql/a/a.sql',
      'sql/a/aa.sql',
    ]);
  });
});

describe('the plan of a change', () => {
  it('installs a new object and drops it on the way back', () => {
    const added = sqlFunction('f', 'SELECT 1');
    expect(planObjectChanges(new Map(), [added])).toEqual({
      upDrops: '',
      upCreates: `-- sql/a/f.sql\n${added.text}\n-- end\n`,
      downDrops: 'DROP FUNCTION a.f();\n',
      downCreates: '',
    });
  });

  it('replaces a body in place, both ways', () => {
    const [old, fresh] = [sqlFunction('f', 'SELECT 1'), sqlFunction('f', 'SELECT 2')];
    const plan = planObjectChanges(new Map([[old.path, old.text]]), [fresh]);
    expect(plan).toMatchObject({ upDrops: '', downDrops: '' });
    expect(plan.upCreates).toContain('SELECT 2');
    expect(plan.downCreates).toContain('SELECT 1');
  });

  it('makes anew what cannot be replaced in place: another signature, any view', () => {
    const [old, fresh] = [sqlFunction('f', 'SELECT 1'), sqlFunction('f', 'SELECT 1', 'bigint')];
    expect(planObjectChanges(new Map([[old.path, old.text]]), [fresh])).toMatchObject({
      upDrops: 'DROP FUNCTION a.f();\n',
      downDrops: 'DROP FUNCTION a.f();\n',
    });
  });

  it('drops a removed object and brings it back', () => {
    const gone = sqlFunction('f', 'SELECT 1');
    expect(planObjectChanges(new Map([[gone.path, gone.text]]), [])).toEqual({
      upDrops: 'DROP FUNCTION a.f();\n-- removed sql/a/f.sql\n',
      upCreates: '',
      downDrops: '',
      downCreates: `-- sql/a/f.sql\n${gone.text}\n-- end\n`,
    });
  });

  it('changes nothing when nothing changed', () => {
    const same = sqlFunction('f', 'SELECT 1');
    expect(Object.values(planObjectChanges(new Map([[same.path, same.text]]), [same])).join('')).toBe('');
  });
});
