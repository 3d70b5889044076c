import { canonicalCase } from '@pika/shared';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isContentLanguage } from './content-language.ts';
import { ImportError } from './place.ts';

export interface ImportOptions {
  file: string;
  /** The language of untagged names. */
  language: string;
  withDemoVouchers: boolean;
  isDryRun: boolean;
}

const usage =
  'Usage: npm run import:places -- --file FILE.overpass.json [--language vi] [--with-demo-vouchers] [--dry-run]';

/** Throws `ImportError`. A relative file is looked for where npm was called. */
export function readOptions(args: readonly string[], environment = process.env): ImportOptions {
  const { file, language = 'und', ...flags } = parse(args);
  if (!file) throw new ImportError(`Say which file to import. ${usage}`);
  if (!isContentLanguage(language)) {
    throw new ImportError(`"${language}" is not a language tag of BCP 47, such as vi or zh-Hant. ${usage}`);
  }
  return {
    file: resolve(environment['INIT_CWD'] ?? process.cwd(), file),
    language: canonicalCase(language),
    withDemoVouchers: flags['with-demo-vouchers'] ?? false,
    isDryRun: flags['dry-run'] ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        file: { type: 'string' },
        language: { type: 'string' },
        'with-demo-vouchers': { type: 'boolean' },
        'dry-run': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : '').split(/[.\n]\s/);
    throw new ImportError(`${sentence.replace(/\.$/, '')}. ${usage}`, { cause: error });
  }
}
