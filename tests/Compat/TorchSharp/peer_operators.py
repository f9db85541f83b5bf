"""Evaluates expressions over the tensors of the request, each of which may be given as a leaf x with requires_grad."""
import torch
import torch.nn.functional as F
from torch.autograd import grad

import tensorfile

tensors, settings = tensorfile.request()
scope = {"torch": torch, "F": F, "grad": grad, **{name: t.requires_grad_(t.is_floating_point()) for name, t in tensors.items()}}
answers = {}
for name, expression in settings["expressions"].items():
    value = eval(expression, scope)
    answers[name] = value.float() if value.dtype != torch.int64 else value
tensorfile.answer(answers)
