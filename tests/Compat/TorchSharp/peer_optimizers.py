"""Takes steps with given gradients, and answers with the parameters after each and the state after the last."""
import torch

import tensorfile

tensors, settings = tensorfile.request()
results = {}
for case, setting in settings.items():
    parameters = [torch.nn.Parameter(tensors[f"parameter/{i}"].clone()) for i in range(setting["parameters"])]
    optimizer = eval(setting["python"], {"torch": torch, "p": parameters})
    for step in range(setting["steps"]):
        if step == setting["changes"]:
            optimizer.param_groups[0]["lr"] *= 0.1
        for i, parameter in enumerate(parameters):
            parameter.grad = None if (step, i) == (2, 1) else tensors[f"gradient/{step}/{i}"].clone()
        optimizer.step()
        for i, parameter in enumerate(parameters):
            results[f"{case}/{step}/{i}"] = parameter.detach().clone()
    for i, parameter in enumerate(parameters):
        for name, value in optimizer.state[parameter].items():
            if value is not None:
                results[f"{case}/state/{i}/{name}"] = torch.as_tensor(value, dtype=torch.float32)
tensorfile.answer(results)
