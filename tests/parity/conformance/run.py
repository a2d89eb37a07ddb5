"""Print what differs from torch, operation by operation; how to, is in the README beside it.

python -m tests.parity.conformance.run add sum            these operations
python -m tests.parity.conformance.run --family indexing  a family
    --dtypes float32,int64   --faces function,out   --samples 10   --errors   --show 3
"""

import argparse
import warnings

from tests.parity.conformance.database import DTYPES, name_of, operations, results
from tests.parity.conformance.scope import FAMILIES

parser = argparse.ArgumentParser()
parser.add_argument("names", nargs="*")
parser.add_argument("--family")
parser.add_argument("--dtypes", default=",".join(DTYPES))
parser.add_argument("--faces")
parser.add_argument("--samples", type=int)
parser.add_argument("--show", type=int, default=1, help="how many differences of each face")
args = parser.parse_args()
warnings.simplefilter("ignore")

names = args.names or FAMILIES[args.family]
clean = 0
for op in operations(names):
    wrong = 0
    for dtype in args.dtypes.split(","):
        for face, count, differences in results(op, dtype, args.samples):
            if args.faces and face not in args.faces.split(","):
                continue
            if differences:
                wrong += 1
                print(
                    f"{name_of(op)} {dtype} {face}: {len(differences)} of {count} differ",
                    flush=True,
                )
                for text in differences[: args.show]:
                    print("    " + text.replace("\n", "\n    "))
    clean += not wrong
    print(f"{name_of(op)}: {'passes' if not wrong else 'FAILS'}", flush=True)
print(f"{clean} of {len(list(operations(names)))} operations pass")
