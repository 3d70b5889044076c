import { translationRows, type Row } from '@pika/tests';
import { column, type Rules } from './rules.ts';
import { ids } from './world.ts';

const language: Row = {
  code: 'xx',
  name: 'X',
  english_name: 'X',
  direction: 'ltr',
  chain: ['xx'],
  match_length: 1,
  text_search_config: 'simple',
  is_active: false,
  is_default: false,
};
const [text = {}] = translationRows('voucher', 'voucher.fresh.title', { es: 'Hola' });
const taken = `voucher.${ids.voucher}.title`;

export const i18nRules: Rules = {
  'i18n.languages': {
    row: language,
    rules: {
      languages_match_length_within_chain: {
        refused: [{ match_length: 0 }, { match_length: 2 }, { chain: ['xx', 'es'], match_length: 3 }],
        taken: [{ chain: ['xx', 'es'], match_length: 2 }],
      },
      languages_chain_begins_with_code: {
        refused: [{ chain: ['es', 'xx'] }, { chain: ['XX'] }],
        taken: [{ chain: ['xx', 'es'] }],
      },
      languages_one_default_key: column('is_default', [true], [false]),
    },
  },
  'i18n.translations': {
    row: text,
    rules: {
      translations_value_not_empty: column('value', [''], ['H']),
      translations_domain_known: column('domain', ['banner', 'Voucher', ''], ['category', 'business', 'voucher']),
      translations_pkey: {
        refused: [{ key: taken }],
        taken: [{ key: taken, language_code: 'en' }, { key: `${taken}2` }],
      },
    },
  },
};
