const children = (language: string, regions: string): string[] =>
  regions.split(' ').map((region) => `${language}-${region}`);

const groups: ReadonlyArray<readonly [parent: string, tags: string[]]> = [
  ['es-419', children('es', 'AR BO BR BZ CL CO CR CU DO EC GT HN JP MX NI PA PE PR PY SV US UY VE')],
  ['pt-PT', children('pt', 'AO CH CV FR GQ GW LU MO MZ ST TL')],
  [
    'en-001',
    children(
      'en',
      '150 AG AI AU BB BM BS BW BZ CC CK CM CX CY DG DM ER FJ FK FM GB GD GG GH GI GM GY HK ID IE IL IM IN IO JE JM ' +
        'KE KI KN KY LC LR LS MG MO MS MT MU MV MW MY NA NF NG NR NU NZ PG PK PN PW RW SB SC SD SG SH SL SS SX SZ ' +
        'TC TK TO TT TV TZ UG VC VG VU WS ZA ZM ZW',
    ),
  ],
  ['en-150', children('en', 'AT BE CH DE DK FI NL SE SI')],
  ['no', ['nb', 'nn']],
  ['zh-Hant-HK', ['zh-Hant-MO']],
];

/** Parents that differ from plain truncation, after CLDR 45 `parentLocales`. */
export const languageParents: ReadonlyMap<string, string> = new Map(
  groups.flatMap(([parent, tags]) => tags.map((tag) => [tag, parent] as const)),
);

const chineseScripts: ReadonlyMap<string, string> = new Map([
  ['CN', 'Hans'],
  ['SG', 'Hans'],
  ['TW', 'Hant'],
  ['HK', 'Hant'],
  ['MO', 'Hant'],
]);

/** The other spelling of the same Chinese locale: zh-TW ↔ zh-Hant-TW. */
export function chineseTwin(tag: string): string | null {
  const [language, second = '', third] = tag.split('-', 4);
  if (language !== 'zh') return null;
  const script = chineseScripts.get(second);
  if (script !== undefined && third === undefined) return `zh-${script}-${second}`;
  return third !== undefined && chineseScripts.get(third) === second && tag.length === 10 ? `zh-${third}` : null;
}
