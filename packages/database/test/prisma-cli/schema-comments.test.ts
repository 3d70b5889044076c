import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schemaComments } from '../../src/prisma-cli/schema-comments.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pika-schema-comments-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The comments of one file of this text. */
function commentsOf(text: string, file = 'shop.prisma'): string[] {
  writeFileSync(join(folder, file), text);
  const [object] = schemaComments(folder);
  return object?.text.split('\n') ?? [];
}

describe('the comments of a schema', () => {
  it('follow the names in the database, of tables, columns and enums', () => {
    const lines = commentsOf(`
/// How it is.
enum OrderState {
  open
  /// A label's own comment has no place in PostgreSQL.
  closed

  @@map("order_state")
  @@schema("shop")
}

/// An order.
model Order {
  id        String     @id(map: "orders_pkey") @default(uuid(7)) @db.Uuid
  /// With another name there.
  placedBy  String     @map("placed_by")
  /// With the same name.
  note      String?
  /// With names of its own in arguments.
  state     OrderState @default(open) @map("order_state")
  silent    Int

  @@map("orders")
  @@schema("shop")
}
`);
    expect(lines).toEqual([
      '-- drop: COMMENT ON TYPE "shop"."order_state" IS NULL; COMMENT ON TABLE "shop"."orders" IS NULL; ' +
        'COMMENT ON COLUMN "shop"."orders"."placed_by" IS NULL; COMMENT ON COLUMN "shop"."orders"."note" IS NULL; ' +
        'COMMENT ON COLUMN "shop"."orders"."order_state" IS NULL;',
      `COMMENT ON TYPE "shop"."order_state" IS 'How it is.';`,
      `COMMENT ON TABLE "shop"."orders" IS 'An order.';`,
      `COMMENT ON COLUMN "shop"."orders"."placed_by" IS 'With another name there.';`,
      `COMMENT ON COLUMN "shop"."orders"."note" IS 'With the same name.';`,
      `COMMENT ON COLUMN "shop"."orders"."order_state" IS 'With names of its own in arguments.';`,
    ]);
  });

  it('double their quotes, and keep backslashes, backticks and dollars', () => {
    const [, line] = commentsOf(`/// It's a "thing" \\n of $$ and \`code\`; '' too.
model Thing {
  id Int @id
}
`);
    expect(line).toBe(`COMMENT ON TABLE "public"."Thing" IS 'It''s a "thing" \\n of $$ and \`code\`; '''' too.';`);
  });

  it('become one line where they are written in several, also on a column', () => {
    const lines = commentsOf(`/// First.
/// Second,
///   indented.
model Thing {
  /// Of two
  /// lines.
  id Int @id
}
`);
    expect(lines.slice(1)).toEqual([
      `COMMENT ON TABLE "public"."Thing" IS 'First. Second, indented.';`,
      `COMMENT ON COLUMN "public"."Thing"."id" IS 'Of two lines.';`,
    ]);
  });

  it('belong to what follows at once: a blank line or an ordinary comment parts them', () => {
    const lines = commentsOf(`/// Of nothing.

model Thing {
  /// Of nothing either.

  id    Int @id
  // Not for the database.
  other Int
  /// Of an attribute of the table.
  @@index([other])
}
`);
    expect(lines).toEqual([]);
  });

  it('do not leak from one table into the next', () => {
    const lines = commentsOf(`/// The first.
model First {
  id Int @id
  @@map("first")
  @@schema("shop")
}
model Second {
  /// Of the second.
  id Int @id
  @@schema("shop")
}
`);
    expect(lines.slice(1)).toEqual([
      `COMMENT ON TABLE "shop"."first" IS 'The first.';`,
      `COMMENT ON COLUMN "shop"."Second"."id" IS 'Of the second.';`,
    ]);
  });

  it('are one object for each schema, in order, and none where nothing is told', () => {
    writeFileSync(join(folder, 'b.prisma'), '/// B.\nmodel B {\n  id Int @id\n  @@schema("b")\n}\n');
    writeFileSync(join(folder, 'a.prisma'), '/// A.\nenum A {\n  one\n  @@schema("a")\n}\n');
    writeFileSync(join(folder, 'base.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
    writeFileSync(join(folder, 'notes.txt'), '/// C.\nmodel C {\n}\n');
    expect(schemaComments(folder).map(({ path }) => path)).toEqual(['comments of a', 'comments of b']);
  });
});
