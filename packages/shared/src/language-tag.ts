const tagLengthMax = 64;

const langtag =
  /^(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?$/i;
const privateUse = /^x(?:-[a-z\d]{1,8})+$/i;

/** What {@link isWellFormedLanguageTag} takes, as JSON Schema says it, which knows no flags. */
export const languageTagShape = {
  maxLength: tagLengthMax,
  pattern: [langtag, privateUse]
    .map(({ source }) => source.replaceAll(/a-z|a-wyz|x(?=\(\?|-\()|x(?=\(\?:-)/g, bothCases))
    .join('|'),
} as const;

function bothCases(letters: string): string {
  return letters === 'x' ? '[xX]' : letters + letters.toUpperCase();
}

/** The `langtag` and `privateuse` forms of RFC 5646, at most 64 characters. */
export function isWellFormedLanguageTag(tag: string): boolean {
  return tag.length <= tagLengthMax && (langtag.test(tag) || privateUse.test(tag));
}

/** Whether a reader can ask for it: well-formed, and not `und`, the label of texts whose language nobody knows. */
export function isRequestableLanguageTag(tag: string): boolean {
  return isWellFormedLanguageTag(tag) && !/^und(?:-|$)/i.test(tag);
}

/** Casing of RFC 5646 section 2.1.1: zh-hant-tw → zh-Hant-TW; everything after a singleton is lower case. */
export function canonicalCase(tag: string): string {
  let afterSingleton = false;
  return tag
    .toLowerCase()
    .split('-')
    .map((subtag, position) => {
      if (subtag.length === 1) afterSingleton = true;
      if (position === 0 || afterSingleton) return subtag;
      if (subtag.length === 2) return subtag.toUpperCase();
      return subtag.length === 4 ? subtag.charAt(0).toUpperCase() + subtag.slice(1) : subtag;
    })
    .join('-');
}

/** RFC 4647 lookup: one subtag off the right, and the single letter that then dangles; null when nothing is left. */
export function truncate(tag: string): string | null {
  let end = tag.lastIndexOf('-');
  if (end >= 2 && tag[end - 2] === '-') end -= 2;
  else if (end === 1) end = -1;
  return end > 0 ? tag.slice(0, end) : null;
}
