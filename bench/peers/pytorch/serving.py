"""What the peers in PyTorch share: their arguments, FILTERS BATCH THREADS DEVICE, and the loop that runs steps.

Each line read from standard input is a number of steps to run; each line written is the seconds they took. The first line written names
the peer.
"""
import sys
import time

import torch


def arguments():
    torch.set_num_threads(int(sys.argv[3]))
    torch.manual_seed(1)
    return int(sys.argv[1]), int(sys.argv[2]), torch.device(sys.argv[4])


def serve(step, device, name=f"PyTorch {torch.__version__}"):
    print(name, flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        print(time.perf_counter() - start, flush=True)
