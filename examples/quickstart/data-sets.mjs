/** Six of the public data sets that the package vega-datasets carries; nothing is downloaded. */
import { createRequire } from "node:module";
import path from "node:path";

const folder = path.join(path.dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data");

/** @type {readonly [DataSet, ...DataSet[]]} */
export const dataSets = [
  dataSet("flights-20k.json", "20,000 flights in the United States"),
  dataSet("flights-200k.arrow", "200,000 of them as Arrow"),
  dataSet("seattle-weather.csv", "four years of weather in Seattle"),
  dataSet("stocks.csv", "five stocks, month by month"),
  dataSet("co2-concentration.csv", "carbon dioxide in the air since 1958"),
  dataSet("airports.csv", "3,376 airports"),
];

/**
 * @typedef {object} DataSet
 * @property {string} name
 * @property {string} about
 * @property {string} file its path on this disk
 *
 * @param {string} name
 * @param {string} about
 * @returns {DataSet}
 */
function dataSet(name, about) {
  return { name, about, file: path.join(folder, name) };
}
