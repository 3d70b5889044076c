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
      languages_code_form: {
        refused: [
          { code: '', chain: [''] },
          { code: 'x', chain: ['x'] },
          { code: 'x_y', chain: ['x_y'] },
        ],
        taken: [{ code: 'zh-Hant-TW', chain: ['zh-Hant-TW'] }],
      },
      languages_not_own_fallback: column('fallback_code', ['xx'], ['es', null]),

      languages_match_length_within_chain: {
        refused: [{ match_length: 0 }, { match_length: 2 }, { chain: ['xx', 'es'], match_length: 3 }],
        taken: [{ chain: ['xx', 'es'], match_length: 2 }],
      },
      languages_chain_begins_with_code: {
        refused: [{ chain: ['es', 'xx'] }, { chain: ['XX'] }, { chain: null }, { chain: ['xx', null] }],
        taken: [{ chain: ['xx', 'es'] }],
      },
      languages_one_default_key: column('is_default', [true], [false]),
    },
  },
  'i18n.translations': {
    row: text,
    rules: {
      translations_key_not_empty: column('key', [''], ['k']),
      translations_times_finite: {
        refused: [{ updated_at: 'infinity' }, { updated_at: '-infinity' }],
        taken: [{ updated_at: '0001-01-01' }],
      },

      translations_category_unowned: {
        refused: [{ domain: 'category', business_id: ids.business }],
        taken: [{ domain: 'category' }, { business_id: ids.business }],
      },
      translations_value_not_empty: column('value', [''], ['H']),
      translations_domain_known: column('domain', ['banner', 'Voucher', ''], ['category', 'business', 'voucher']),
      translations_pkey: {
        refused: [{ key: taken }],
        taken: [{ key: taken, language_code: 'en' }, { key: `${taken}2` }],
      },
    },
  },
};
