"""The peer of data: a DataLoader over a folder of JPEG pictures as a PyTorch user writes it, with Pillow. FOLDER SIDE BATCH WORKERS."""
import os
import sys

import numpy
import PIL
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from serving import serve

folder, side, batch, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


class Pictures(Dataset):
    def __init__(self):
        self.paths = sorted(os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = Image.open(self.paths[index]).convert("RGB")
        edge = min(image.size)
        left, top = (image.width - edge) // 2, (image.height - edge) // 2
        image = image.crop((left, top, left + edge, top + edge))
        if edge != side:
            image = image.resize((side, side), Image.BILINEAR)
        pixels = torch.from_numpy(numpy.asarray(image, dtype=numpy.float32)).permute(2, 0, 1)
        return pixels / 127.5 - 1


def batches():
    loader = DataLoader(Pictures(), batch_size=batch, shuffle=True, num_workers=workers, drop_last=True, persistent_workers=True)
    while True:
        yield from loader


torch.set_num_threads(1)
source = batches()
serve(lambda: next(source), torch.device("cpu"), f"PyTorch {torch.__version__} DataLoader with Pillow {PIL.__version__}")
