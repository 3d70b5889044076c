import { categoryRow } from '@pika/tests';
import { column, type Rules } from './rules.ts';
import { ids } from './world.ts';

export const catalogRules: Rules = {
  'catalog.categories': {
    row: categoryRow({ id: ids.fresh, slug: 'fresh' }),
    rules: {
      categories_slug_not_empty: column('slug', [''], ['s']),
      categories_times_finite: {
        refused: [
          { created_at: 'infinity' },
          { created_at: '-infinity' },
          { updated_at: 'infinity' },
          { updated_at: '-infinity' },
          { deleted_at: 'infinity' },
          { deleted_at: '-infinity' },
        ],
        taken: [{ created_at: '0001-01-01' }],
      },

      categories_slug_key: column('slug', ['cafe'], ['cafes']),
      categories_name_key_key: column('name_key', [`category.${ids.root}.name`], ['category.cafes.name']),
    },
  },
  'catalog.currencies': {
    row: { code: 'XTS', exponent: 2 },
    rules: {
      currencies_code_form: column('code', ['xts', 'XT', 'XTSX', 'X1S', ''], ['AAA', 'ZZZ']),
      currencies_exponent_in_range: column('exponent', [-1, 5], [0, 4]),
    },
  },
  'catalog.markets': {
    row: { country_code: 'PY', currency_code: 'PYG', default_language: 'es', required_languages: ['es'] },
    rules: {
      markets_country_code_form: column('country_code', ['py', 'P', 'PRY', '', 'P1'], ['AA', 'ZZ']),
      markets_required_languages_not_empty: column(
        'required_languages',
        [[], null, [null], ['es', null]],
        [['es'], ['es', 'gn']],
      ),
    },
  },
};
