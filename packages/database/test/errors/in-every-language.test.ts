import { classifyDatabaseError } from '@pika/database';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';

/** What PostgreSQL 15 says for 23503 by `lc_messages`: of a row still pointed to, and of one that points to none. */
const sentences: Readonly<Record<string, readonly [inUse: string, unknown: string]>> = {
  en: [
    'update or delete on table "%1" violates foreign key constraint "%2" on table "%3"',
    'insert or update on table "%1" violates foreign key constraint "%2"',
  ],
  de: [
    'Aktualisieren oder Löschen in Tabelle »%1« verletzt Fremdschlüssel-Constraint »%2« von Tabelle »%3«',
    'Einfügen oder Aktualisieren in Tabelle »%1« verletzt Fremdschlüssel-Constraint »%2«',
  ],
  es: [
    'update o delete en «%1» viola la llave foránea «%2» en la tabla «%3»',
    'inserción o actualización en la tabla «%1» viola la llave foránea «%2»',
  ],
  fr: [
    'UPDATE ou DELETE sur la table « %1 » viole la contrainte de clé étrangère « %2 » de la table « %3 »',
    'une instruction insert ou update sur la table « %1 » viole la contrainte de clé\nétrangère « %2 »',
  ],
  it: [
    `l'istruzione UPDATE o DELETE sulla tabella "%1" viola il vincolo di chiave esterna "%2" sulla tabella "%3"`,
    `la INSERT o l'UPDATE sulla tabella "%1" viola il vincolo di chiave esterna "%2"`,
  ],
  ja: [
    'テーブル"%1"の更新または削除は、テーブル"%3"の外部キー制約"%2"に違反します',
    'テーブル"%1"への挿入、更新は外部キー制約"%2"に違反しています',
  ],
  ko: [
    '"%1" 테이블의 자료 갱신, 삭제 작업이 "%2" 참조키(foreign key) 제약 조건 - "%3" 테이블 - 을 위반했습니다',
    '"%1" 테이블에서 자료 추가, 갱신 작업이 "%2" 참조키(foreign key) 제약 조건을 위배했습니다',
  ],
  ru: [
    'UPDATE или DELETE в таблице "%1" нарушает ограничение внешнего ключа "%2" таблицы "%3"',
    'INSERT или UPDATE в таблице "%1" нарушает ограничение внешнего ключа "%2"',
  ],
  sv: [
    'update eller delete på tabell "%1" bryter mot främmande nyckel-villkoret "%2" för tabell "%3"',
    'insert eller update på tabell "%1" bryter mot främmande nyckel-villkoret "%2"',
  ],
  uk: [
    'update або delete в таблиці "%1" порушує обмеження зовнішнього ключа "%2" таблиці "%3"',
    'insert або update в таблиці "%1" порушує обмеження зовнішнього ключа "%2"',
  ],
  zh: ['在 "%1" 上的更新或删除操作违反了在 "%3" 上的外键约束 "%2"', '插入或更新表 "%1" 违反外键约束 "%2"'],
};

function refusal(sentence: string, table: string): DatabaseError {
  const message = sentence.replace('%1', table).replace('%2', 'employees_boss_id_fkey').replace('%3', 'employees');
  return Object.assign(new DatabaseError(message, message.length, 'error'), {
    code: '23503',
    severity: 'ERROR',
    constraint: 'employees_boss_id_fkey',
    table: 'employees',
  });
}

describe.each(Object.entries(sentences))('a foreign key in %s', (_language, [inUse, unknown]) => {
  it.each(['offices', 'employees'])('of a row of %s that is still pointed to', (table) => {
    expect(classifyDatabaseError(refusal(inUse, table))).toEqual({
      kind: 'foreignKey',
      constraint: 'employees_boss_id_fkey',
      isInUse: true,
    });
  });

  it('of a row that points to none', () => {
    expect(classifyDatabaseError(refusal(unknown, 'employees'))).toEqual({
      kind: 'foreignKey',
      constraint: 'employees_boss_id_fkey',
      isInUse: false,
    });
  });
});
