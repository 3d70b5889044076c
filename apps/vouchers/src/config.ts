/** What this app needs beside the settings that every app has. */
export { cursorSettings as vouchersSettings, refuseDevelopmentCursors as refuseDevelopmentSecrets } from '@pika/shared';
