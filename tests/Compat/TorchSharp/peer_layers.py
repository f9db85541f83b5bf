"""Runs layers on given states, inputs and upstream gradients: two passes in training, one in evaluation."""
import torch
from torch import nn

import tensorfile

tensors, settings = tensorfile.request()
torch.set_num_threads(2)
results = {}
for case, expression in settings.items():
    module = eval(expression)
    prefix = case + "/state/"
    module.load_state_dict({name[len(prefix):]: t for name, t in tensors.items() if name.startswith(prefix)}, strict=True)
    x = tensors[case + "/x"].requires_grad_()
    for step in range(2):
        y = module(x)
        (y * tensors[case + "/weights"]).sum().backward()
    results[case + "/y"] = y
    results[case + "/x.grad"] = x.grad
    for name, parameter in module.named_parameters():
        results[case + "/grad/" + name] = parameter.grad
    for name, value in module.state_dict().items():
        results[case + "/state/" + name] = value
    module.eval()
    results[case + "/eval"] = module(x)
tensorfile.answer(results)
