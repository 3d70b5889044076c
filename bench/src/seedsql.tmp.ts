import { ancestorStatement } from './nearby/statements.ts';
const s = ancestorStatement(0, 0, 5000, 'es').text.replace(/\$3/g, '5000').replace(/\$4/g, "'es'");
process.stdout.write(s);
