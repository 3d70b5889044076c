import { buildPage } from '../build.ts';

/** Once for all test files: they may run side by side. */
export default buildPage;
