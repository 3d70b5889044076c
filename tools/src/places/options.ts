import { canonicalCase } from '@pika/shared';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isContentLanguage } from './content-language.ts';
import { ImportError } from './place.ts';
import { formats, type Format } from './source-file.ts';

export interface CommandOptions {
  file: string;
  /** Null: told from the file. */
  format: Format | null;
  /** The language of untagged names. */
  language: string;
  ownerEmail: string | null;
  withDemoVouchers: boolean;
  isDryRun: boolean;
}

const usage =
  'Usage: npm run import:places -- --file FILE [--format overpass|geojson|csv] [--language vi] [--owner EMAIL] ' +
  '[--with-demo-vouchers] [--dry-run]';

/** Throws `ImportError`. A relative file is looked for where npm was called. */
export function readOptions(args: readonly string[], environment = process.env): CommandOptions {
  const { file, format, language = 'und', owner, ...flags } = parse(args);
  if (!file) throw new ImportError(`Say which file to import. ${usage}`);
  if (format !== undefined && !isFormat(format)) {
    throw new ImportError(`"${format}" is not a format: there are ${formats.join(', ')}. ${usage}`);
  }
  if (!isContentLanguage(language)) {
    throw new ImportError(`"${language}" is not a language tag of BCP 47, such as vi or zh-Hant. ${usage}`);
  }
  return {
    file: resolve(environment['INIT_CWD'] ?? process.cwd(), file),
    format: format ?? null,
    language: canonicalCase(language),
    ownerEmail: owner?.trim().toLowerCase() ?? null,
    withDemoVouchers: flags['with-demo-vouchers'] ?? false,
    isDryRun: flags['dry-run'] ?? false,
  };
}

function isFormat(text: string): text is Format {
  return (formats as readonly string[]).includes(text);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        file: { type: 'string' },
        format: { type: 'string' },
        language: { type: 'string' },
        owner: { type: 'string' },
        'with-demo-vouchers': { type: 'boolean' },
        'dry-run': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : '').split(/[.\n]\s/);
    throw new ImportError(`${sentence.replace(/\.$/, '')}. ${usage}`, { cause: error });
  }
}
