"""hamilton.py MODULE_FOLDER NODES OUTPUT...: CPU milliseconds of building the driver and of executing it, and the sum of the outputs."""
import importlib, json, sys, time

folder, nodes, *outputs = sys.argv[1:]
sys.path.insert(0, folder)
module = importlib.import_module("nodes")
from hamilton import base, driver  # noqa: E402

sys.setrecursionlimit(1_000_000)
begun = time.process_time()
built = driver.Builder().with_modules(module).with_adapter(base.DictResult()).build()
after = time.process_time()
result = built.execute(outputs, inputs={"start": 1})
ended = time.process_time()
print(json.dumps({"buildMs": (after - begun) * 1000, "executeMs": (ended - after) * 1000, "sum": sum(result.values())}))
