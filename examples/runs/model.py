"""The same model in Python, with its standard library alone: what it is told is in the environment and in a folder."""
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

here = Path(__file__).parent
is_local = "ENTREPOT_RUN_ID" not in os.environ
files = Path(os.environ.get("ENTREPOT_FILES_DIR", here / "local"))
told = os.environ.get("ENTREPOT_OPTIONS")
options = json.loads(told) if told else json.loads((here / "local/run.json").read_text())["options"]
policy = os.environ.get("ENTREPOT_POLICY_ID", "baseline")

with open(files / "parameters.csv", newline="") as file:
    parameters = dict(csv.reader(file))
try:
    growth, output = float(parameters["growth"]), float(parameters["output"])
except (KeyError, ValueError) as wrong:
    print(f"parameters.csv: {wrong!r}", file=sys.stderr)
    sys.exit(65)  # a further attempt would fail, too

with tempfile.TemporaryDirectory() as folder:
    first, last = options["first_year"], options["last_year"]
    with open(Path(folder) / "years.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["year", "output"])
        for year in range(first, last + 1):
            output *= 1 + growth
            rows.writerow([year, round(output, 2)])
            print(f"year {year}", flush=True)
            print(f"::progress {(year - first + 1) / (last - first + 1)} year {year}", flush=True)
    summary = {"policy": policy, "last": round(output, 2)}
    (Path(folder) / "summary.json").write_text(json.dumps(summary))
    if is_local:
        print(json.dumps(summary))
    else:
        # any tool that writes to the address will do; this one knows s3:// and file://, and the AWS_* of the worker
        subprocess.run(["entrepot", "cp", "-r", f"{folder}/", os.environ["ENTREPOT_OUTPUT_URI"]], check=True, stdout=subprocess.DEVNULL)
