/** The address of a file with the land of the Earth, which the build puts beside the page. */
declare module 'land-outlines' {
  const address: string;
  export default address;
}
