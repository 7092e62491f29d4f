/** What filters left of one source: told apart from a source where nothing is. */
export class Choice {
  /** Objects that were seen and did not pass. */
  leftOut = 0;
  /** Something lies there, of which the server was not asked because of what `include` begins with. */
  isThere = false;

  get isOfSomething(): boolean {
    return this.leftOut > 0 || this.isThere;
  }
}
