/** As in a project of its own: vitest's defaults. */
export default {};
