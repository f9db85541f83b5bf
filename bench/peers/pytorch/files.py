"""The peer of files/dcgan64: pictures of a DCGAN generator in eager mode, written as PNG files with Pillow by a pool of threads."""
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import PIL
import torch
from PIL import Image

from networks import dcgan_generator
from serving import arguments, serve

filters, batch, device = arguments()
folder = sys.argv[5]
latent_size = 100
generator = dcgan_generator(latent_size, filters, channels=3).to(device).eval()
pool = ThreadPoolExecutor(int(sys.argv[3]))
made = 0


def save(picture, index):
    Image.fromarray(picture).save(os.path.join(folder, f"{index:06}.png"))


@torch.inference_mode()
def step():
    global made
    os.makedirs(folder, exist_ok=True)
    images = generator(torch.randn(batch, latent_size, device=device))
    pixels = ((images + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    list(pool.map(save, pixels, range(made, made + batch)))
    made += batch


try:
    serve(step, device, f"PyTorch {torch.__version__}, Pillow {PIL.__version__}")
finally:
    shutil.rmtree(folder, ignore_errors=True)
