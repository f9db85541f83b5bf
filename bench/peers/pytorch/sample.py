"""The peer of startup/sample: one picture of a generator in PyTorch, from the process's start to the PNG file. Arguments: FILTERS OUT.png.

With the argument "name" it tells what it is.
"""
import sys

import PIL
import torch
from PIL import Image

from networks import dcgan_generator

if sys.argv[1] == "name":
    print(f"PyTorch {torch.__version__}, Pillow {PIL.__version__}")
    sys.exit()
latent_size = 100
generator = dcgan_generator(latent_size, int(sys.argv[1]), channels=1, stages=2).eval()
with torch.inference_mode():
    image = generator(torch.randn(1, latent_size))
Image.fromarray(((image[0, 0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).numpy()).save(sys.argv[2])
